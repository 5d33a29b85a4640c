import { UsageError } from '../../core/errors';
import type { Graph } from '../../core/graph/graph';
import type { ArraySet, DataArray } from './arraySet';

/**
 * The array of each input of a graph: by the input's name, else `input0`, `input1`, … by position, else in
 * the file's order where there are as many arrays as inputs.
 * @throws UsageError naming the arrays there are.
 */
export function matchInputs({ name, arrays, kind }: ArraySet, graph: Graph): readonly DataArray[] {
  const inOrder = arrays.length === graph.inputs.length || kind === 'npy';
  return graph.inputs.map((input, index) => {
    const array =
      arrays.find((candidate) => candidate.name === input.name) ??
      arrays.find((candidate) => candidate.name === `input${index}`) ??
      (inOrder ? arrays[index] : undefined);
    if (array !== undefined) return array;
    const names = arrays.map((candidate) => candidate.name).join(', ');
    throw new UsageError(
      `${name}: no array ${input.name} or input${index} for the model's input; it has ${names === '' ? 'none' : names}`,
    );
  });
}
