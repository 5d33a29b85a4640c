import { addMaskInPlace, maskByteLength, setZeroBits } from '../kernels/maskKernels';
import type { TensorCut } from '../report/plan';
import { NO_CUT } from './applyCut';
import { decodeValues, makeDecodeScratch } from './decodeValues';
import { flatIndexMap } from './elementOrder';
import { type Layer, type Model, type TensorEntry, tensorNamed } from './model';
import { TensorStreamer } from './streamTensor';

/** Models are immutable, and each of their parameters is asked for. */
const known = new WeakMap<readonly Layer[], ReadonlyMap<string, string>>();

/** The tensors that parameters are multiplied with, by the names of these (see Layer.masks). */
export function layerMasks({ layers }: Model): ReadonlyMap<string, string> {
  const masks =
    known.get(layers) ?? new Map(layers.flatMap(({ masks: own = {} }) => Object.entries(own)));
  known.set(layers, masks);
  return masks;
}

/**
 * Which elements of a tensor are zero: bit i % 8 of byte floor(i / 8) stands for flat index i. One pass; a bit an
 * element, and a chunk.
 * @throws FormatError, IoError as the byte sources do.
 */
export async function zeroBits(
  model: Model,
  tensor: TensorEntry,
  onChunk: (elementCount: number) => void = () => undefined,
): Promise<Uint8Array> {
  const mask = new Uint8Array(maskByteLength(tensor.elementCount));
  const scratch = makeDecodeScratch();
  const flatIndexOf = flatIndexMap(tensor);
  for await (const chunk of new TensorStreamer(model).chunks(tensor)) {
    const values = decodeValues(tensor, chunk.bytes, scratch, chunk.elementCount);
    setZeroBits(mask, values, { firstElement: chunk.firstElement, flatIndexOf });
    onChunk(values.length);
  }
  return mask;
}

/** A cut of a parameter with what its layer's own mask takes; as it was where there is none. */
export async function withLayerMask(
  model: Model,
  name: string,
  cut: TensorCut | null,
): Promise<TensorCut | null> {
  const maskName = layerMasks(model).get(name);
  if (maskName === undefined) return cut;
  const mask = await zeroBits(model, tensorNamed(model, maskName));
  if (cut?.mask !== undefined) addMaskInPlace(mask, cut.mask);
  return { ...(cut ?? NO_CUT), mask };
}
