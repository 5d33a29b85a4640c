import { maskByteLength } from '../kernels/maskKernels';
import { makeValueCut } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import { flatIndexMap } from '../model/elementOrder';
import { type Model, tensorNamed } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { PlanEntry } from '../report/plan';

/** What is zero after a cut, those that are already among it, as a mask (see TensorCut). One pass over the weights. */
export async function maskOfCut(
  model: Model,
  { tensor: name, cut }: Pick<PlanEntry, 'tensor' | 'cut'>,
): Promise<Uint8Array> {
  const tensor = tensorNamed(model, name);
  const mask = new Uint8Array(maskByteLength(tensor.elementCount));
  const applyCut = makeValueCut(tensor, cut);
  const flatIndexOf = flatIndexMap(tensor) ?? ((index: number) => index);
  const scratch = makeDecodeScratch();
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const weights = decodeScores(tensor, bytes, scratch, firstElement);
    applyCut(weights, weights, firstElement);
    weights.forEach((weight, i) => {
      if (weight !== 0) return;
      const index = flatIndexOf(firstElement + i);
      mask[index >>> 3] = (mask[index >>> 3] ?? 0) | (1 << (index & 7));
    });
  }
  return mask;
}
