import { gatherUnitsInPlace } from '../kernels/unitNormsKernel';
import { UnsupportedError } from '../errors';
import { MAX_FILTER_WEIGHTS } from '../criteria/limits';
import { makeValueCut } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import type { Model, TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { TensorCut, UnitMap } from '../report/plan';
import type { OnChunk } from './selection';

/** Whose weights make a row. */
export interface FilterRowsOptions {
  readonly map: UnitMap;
  /** What is gone already counts as zero. */
  readonly cut: TensorCut;
  readonly onChunk: OnChunk;
}

/**
 * A tensor's weights with those of each unit together, in the order in which they are stored: one row a unit.
 * @throws UnsupportedError where the layer has more weights than are held in memory.
 */
export async function filterRows(
  model: Model,
  tensor: TensorEntry,
  { map, cut, onChunk }: FilterRowsOptions,
): Promise<Float64Array> {
  if (tensor.elementCount > MAX_FILTER_WEIGHTS) {
    throw new UnsupportedError({
      feature: 'distances between filters',
      found: `${tensor.name} with ${tensor.elementCount} weights`,
      supported: `layers of up to ${MAX_FILTER_WEIGHTS} weights, which are held in memory; or l2-norm`,
    });
  }
  const rows = new Float64Array(tensor.elementCount);
  const filled = new Float64Array(map.count);
  const scratch = makeDecodeScratch();
  const applyCut = makeValueCut(tensor, cut);
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const weights = decodeScores(tensor, bytes, scratch, firstElement);
    applyCut(weights, weights, firstElement);
    gatherUnitsInPlace(rows, filled, weights, { firstElement, inner: map.inner });
    onChunk(weights.length);
  }
  return rows;
}
