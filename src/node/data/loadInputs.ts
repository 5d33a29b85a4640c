import type { Dataset } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import type { Graph } from '../../core/graph/graph';
import { unattended } from '../../core/progress';
import { assertSameRows } from './arrayData';
import { type ArraySet, type DataArray, openArraySet } from './arraySet';
import { buildDataset } from './buildDataset';
import { dataKind } from './dataKind';
import { loadData } from './loadData';
import { graphTraits } from './modelTraits';
import { RowList } from './rowList';

/**
 * Data as inputs alone. The arrays of an npz: each by the input's name, else `input0`, `input1`, … by
 * position, else in the file's order where there are as many arrays as inputs. Data of another kind: the
 * inputs that are guessed.
 * @throws UsageError naming the arrays there are; FormatError, IoError as reading does.
 */
export async function loadInputs(file: string, graph: Graph): Promise<Dataset> {
  const traits = graphTraits(graph);
  const kind = await dataKind(file);
  if (kind !== 'npz' && kind !== 'npy' && kind !== 'arrays') {
    return loadData({ file, labels: [] }, graph, traits, unattended);
  }
  const set = await openArraySet(file, kind);
  try {
    const { name } = set;
    const inputs = matchInputs(set, graph).map((array) => array.rows());
    const rows = RowList.range({ from: 0, to: assertSameRows(name, inputs) });
    const parts = { name, inputs, targets: [], rows, close: () => set.close() };
    return buildDataset(parts, { file }, traits);
  } catch (error) {
    await set.close();
    throw error;
  }
}

function matchInputs({ name, arrays, kind }: ArraySet, graph: Graph): readonly DataArray[] {
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
