import type { DenseArray } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { type ArraySet, openArraySet } from './arraySet';
import { dataKind } from './dataKind';
import { matchInputs } from './matchInputs';
import type { RowSource } from './rowSource';

/**
 * The arrays of an npz as they are, where their first axes cannot all count samples because they differ in
 * size: sequences with time in front beside states with layers in front. Null for all other data.
 * @throws UsageError naming the arrays there are; FormatError, IoError as reading does.
 */
export async function loadWholeInputs(
  file: string,
  graph: Graph,
): Promise<readonly DenseArray[] | null> {
  const kind = await dataKind(file);
  if (kind !== 'npz') return null;
  const set = await openArraySet(file, kind);
  try {
    return await wholeInputs(set, graph);
  } finally {
    await set.close();
  }
}

async function wholeInputs(set: ArraySet, graph: Graph): Promise<readonly DenseArray[] | null> {
  const sources = matchInputs(set, graph).map((array) => array.rows());
  const [first] = sources;
  if (first === undefined || sources.every(({ rowCount }) => rowCount === first.rowCount)) {
    return null;
  }
  if (!sources.every((source, i) => fits(source, graph.inputs[i]?.shape ?? []))) return null;
  const arrays: DenseArray[] = [];
  for (const source of sources) {
    const { rowCount, sampleShape } = source;
    const values = Float32Array.from(await source.readRows(0, rowCount));
    arrays.push({ shape: [rowCount, ...sampleShape], values });
  }
  return arrays;
}

/** In rank and in every size that the network says; where it does not, the message about rows tells more. */
function fits({ rowCount, sampleShape }: RowSource, declared: readonly number[]): boolean {
  const shape = [rowCount, ...sampleShape];
  if (shape.length !== declared.length) return false;
  return declared.every((size, axis) => size < 0 || size === shape[axis]);
}
