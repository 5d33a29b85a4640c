import {
  maskByteLength,
  type MaskTally,
  setMaskBits,
  tallyMaskInPlace,
} from '../kernels/maskKernels';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import { flatIndexMap } from '../model/elementOrder';
import type { Model, TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk } from './selection';

/** What goes by its score. */
export interface ScoreCut {
  readonly threshold: number | null;
  readonly tieLimit: number;
}

/** The mask of the elements whose scores are cut; one pass over the scores. A bit an element. */
export async function scoreMask(
  scored: ScoreTensor,
  { threshold, tieLimit }: ScoreCut,
  onChunk: OnChunk,
): Promise<Uint8Array> {
  const mask = new Uint8Array(maskByteLength(scored.tensor.elementCount));
  if (threshold === null) return mask;
  for await (const { firstElement, scores } of scored.chunks()) {
    if (scored.flatIndexOf === null) {
      setMaskBits(mask, scores, { firstElement, threshold, tieLimit });
    } else {
      for (const [i, score] of scores.entries()) {
        const place = { firstElement: scored.flatIndexOf(firstElement + i), threshold, tieLimit };
        setMaskBits(mask, Float64Array.of(score), place);
      }
    }
    onChunk(scores.length);
  }
  return mask;
}

/** What a mask makes of a tensor; one pass over the weights. Weights that are not finite are taken out of it. */
export async function tallyMask(
  model: Model,
  tensor: TensorEntry,
  mask: Uint8Array,
  onChunk: OnChunk,
): Promise<MaskTally> {
  const tally = { zeros: 0, nonFinite: 0, zerosAfter: 0 };
  const flatIndexOf = flatIndexMap(tensor);
  const scratch = makeDecodeScratch();
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const weights = decodeScores(tensor, bytes, scratch, firstElement);
    tallyMaskInPlace(tally, mask, weights, { firstElement, flatIndexOf });
    onChunk(weights.length);
  }
  return tally;
}
