import type { DenseArray } from '../../src/core/graph/executor';
import type { Graph } from '../../src/core/graph/graph';
import type { Model } from '../../src/core/model/model';
import { tensorNamed } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import type { ReferenceArray } from '../../src/engines/reference/referenceArray';
import { runReference } from '../../src/engines/reference/runReference';
import { executableGraph } from '../../src/engines/runnableGraph';

/** A network as its definitions give it, in double precision. */
export interface ReferenceNetwork {
  /** By tensor, as the file holds them. */
  readonly parameters: ReadonlyMap<string, ReferenceArray>;
  /** The first output. @param changed instead of the file's, by tensor */
  run(changed: ReadonlyMap<string, Float64Array>): ReferenceArray;
}

/** The network of a model on one batch. */
export async function referenceNetwork(
  model: Model,
  inputs: readonly DenseArray[],
): Promise<ReferenceNetwork> {
  const declared = executableGraph(model);
  const graph = model.lowerGraph?.(inputs.map(({ shape }) => shape)) ?? declared;
  const parameters = new Map<string, ReferenceArray>();
  for (const { tensor, type } of graph.parameters) {
    const { shape } = tensorNamed(model, tensor);
    const values = Float64Array.from(await readTensorValues(model, tensorNamed(model, tensor)));
    parameters.set(tensor, { shape, type, values });
  }
  const run = (changed: ReadonlyMap<string, Float64Array>): ReferenceArray => {
    const values = new Map<string, ReferenceArray>();
    graph.inputs.forEach(({ value, type }, i) => {
      const given = inputs[i]!;
      values.set(value, { shape: given.shape, type, values: Float64Array.from(given.values) });
    });
    for (const { value, tensor } of graph.parameters) {
      const own = parameters.get(tensor)!;
      values.set(value, { ...own, values: changed.get(tensor) ?? own.values });
    }
    return runGraph(graph, values);
  };
  return { parameters, run };
}

function runGraph(graph: Graph, values: Map<string, ReferenceArray>): ReferenceArray {
  for (const { value, shape, type, values: numbers } of graph.constants) {
    values.set(value, { shape, type, values: Float64Array.from(numbers, Number) });
  }
  for (const { operator, inputs, outputs } of graph.nodes) {
    if (operator.kind === 'opaque') throw new Error(`operator ${operator.name} has no definition`);
    const given = inputs.map((value) => (value === null ? null : values.get(value)!));
    const made = runReference(operator, given);
    outputs.forEach((value, i) => {
      if (value !== null) values.set(value, made[i]!);
    });
  }
  return values.get(graph.outputs[0]!.value)!;
}
