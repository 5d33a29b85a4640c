import { type MaskTally, tallyUnitsInPlace } from '../kernels/maskKernels';
import { unitFlagsOf } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import type { Model, TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { TensorCut } from '../report/plan';
import type { OnChunk } from './selection';

/** What a cut of whole units is to be counted on. */
export interface UnitTally {
  readonly tensor: TensorEntry;
  readonly cut: TensorCut;
  readonly onChunk: OnChunk;
}

/** What whole units that go make of a tensor; one pass over the weights. */
export async function tallyUnits(
  model: Model,
  { tensor, cut, onChunk }: UnitTally,
): Promise<MaskTally> {
  const tally = { zeros: 0, nonFinite: 0, zerosAfter: 0 };
  const { inner, count } = cut.unitMap ?? { inner: 1, count: 1 };
  const unitFlags = unitFlagsOf(cut.zeroedUnits, count);
  const scratch = makeDecodeScratch();
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const weights = decodeScores(tensor, bytes, scratch, firstElement);
    tallyUnitsInPlace(tally, weights, { firstElement, inner, unitFlags });
    onChunk(weights.length);
  }
  return tally;
}
