import { MAX_QUANTIZER_SCALES } from '../../limits';
import type { AffineCodes, Model, TensorEntry } from '../../model/model';
import { readTensorValues } from '../../model/readTensor';
import type { CodeScale } from './constants';

/**
 * The model with its integer weights' scales and zero points, where the graph tells them by constants;
 * the layers of these weights can be pruned as far as the graph is concerned.
 * @param codes by tensor name
 * @throws FormatError, IoError as reading does.
 */
export async function withAffineCodes(
  model: Model,
  codes: ReadonlyMap<string, CodeScale>,
): Promise<Model> {
  const affine = new Map<string, AffineCodes>();
  for (const tensor of model.tensors) {
    const scale = codes.get(tensor.name);
    const found = scale === undefined ? null : await readCodes(model, tensor, scale);
    if (found !== null) affine.set(tensor.name, found);
  }
  if (affine.size === 0) return model;
  const tensors = model.tensors.map((tensor) => {
    const found = affine.get(tensor.name);
    return found === undefined ? tensor : { ...tensor, affine: found };
  });
  const layers = model.layers.map((layer) =>
    layer.lockedBy === 'quantized' && affine.has(layer.weight ?? '')
      ? { ...layer, prunable: true, lockedBy: null }
      : layer,
  );
  return { ...model, tensors, layers };
}

async function readCodes(
  model: Model,
  tensor: TensorEntry,
  { scale, zeroPoint, axis }: CodeScale,
): Promise<AffineCodes | null> {
  // Several codes in a byte cannot be cut one by one.
  if (scale === null || !Number.isInteger(tensor.storedElementBytes)) return null;
  const scales = await readConstant(model, scale);
  const given = zeroPoint === null ? [0] : await readConstant(model, zeroPoint);
  if (scales === null || given === null) return null;
  if (zeroPoint !== null && zeroPoint.dtype !== tensor.dtype) return null;
  const [only] = given;
  const zeroPoints = given.length === 1 && only !== undefined ? scales.map(() => only) : given;
  const perAxis = scales.length > 1;
  const fits = !perAxis || (axis !== null && tensor.shape[axis] === scales.length);
  const valid = scales.every((value) => Number.isFinite(value) && value > 0);
  if (!fits || !valid || zeroPoints.length !== scales.length) return null;
  if (isDecoded(model, tensor) && zeroPoints.some((value) => !fitsEveryVarint(value))) return null;
  return { scales, zeroPoints, axis: perAxis ? axis : null };
}

async function readConstant(model: Model, tensor: TensorEntry): Promise<number[] | null> {
  const isVector = tensor.shape.filter((size) => size !== 1).length <= 1;
  const isSmall = tensor.elementCount > 0 && tensor.elementCount <= MAX_QUANTIZER_SCALES;
  if (!isVector || !isSmall) return null;
  if (!/^(b?float|u?int)\d+$/.test(tensor.dtype)) return null;
  return [...(await readTensorValues(model, tensor))];
}

function isDecoded({ files }: Model, { spans }: TensorEntry): boolean {
  return spans.some(({ fileIndex }) => files[fileIndex]?.derived === true);
}

/** A code takes its old place, which may be a single byte of a varint. */
function fitsEveryVarint(zeroPoint: number): boolean {
  return zeroPoint >= 0 && zeroPoint < 128;
}
