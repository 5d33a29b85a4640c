import type { UnitNorm } from '../criteria/unitNorm';
import { makeValueCut } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import type { Model, TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { TensorCut, UnitMap } from '../report/plan';
import type { OnChunk } from './selection';

/** Whose weights make a unit, and by what norm. */
export interface UnitNormOptions {
  readonly map: UnitMap;
  readonly norm: UnitNorm;
  /** What is gone already counts as zero. */
  readonly cut: TensorCut;
  readonly onChunk: OnChunk;
}

/** The norm of each unit of a tensor; one pass, a number a unit in memory. Units with NaN or infinite weights have none. */
export async function unitNorms(
  model: Model,
  tensor: TensorEntry,
  { map, norm, cut, onChunk }: UnitNormOptions,
): Promise<Float64Array> {
  const sums = new Float64Array(map.count);
  const scratch = makeDecodeScratch();
  const applyCut = makeValueCut(tensor, cut);
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const weights = decodeScores(tensor, bytes, scratch, firstElement);
    applyCut(weights, weights, firstElement);
    norm.addInPlace(sums, weights, { firstElement, inner: map.inner });
    onChunk(weights.length);
  }
  return sums.map((sum) => (Number.isFinite(sum) ? norm.ofSum(sum) : NaN));
}
