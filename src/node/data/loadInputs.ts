import type { Dataset } from '../../core/evaluation/dataset';
import type { Graph } from '../../core/graph/graph';
import { unattended } from '../../core/progress';
import { assertSameRows } from './arrayData';
import { openArraySet } from './arraySet';
import { buildDataset } from './buildDataset';
import { dataKind } from './dataKind';
import { loadData } from './loadData';
import { matchInputs } from './matchInputs';
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
