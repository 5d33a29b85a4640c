import { makeCutFunction } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import type { Model, TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { TensorCut } from '../report/plan';

/**
 * How many weights are zero once a cut with new values is made: also those that the tensor's own type rounds to zero.
 * One pass over the weights.
 */
export async function tallyUpdated(
  model: Model,
  tensor: TensorEntry,
  cut: TensorCut,
): Promise<number> {
  const scratch = makeDecodeScratch();
  const applyCut = makeCutFunction(tensor, cut, scratch);
  let zeros = 0;
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    applyCut(bytes, firstElement);
    for (const weight of decodeScores(tensor, bytes, scratch, firstElement)) {
      if (weight === 0) zeros++;
    }
  }
  return zeros;
}
