import { FormatError, type Place, UnsupportedError } from '../../errors';
import type { ByteSource } from '../../io';
import { MAX_SPARSE_DENSE_BYTES } from '../../limits';
import type { Model, TensorEntry } from '../../model/model';
import { readTensorBytes } from '../../model/streamTensor';
import { assertShape, countElements } from '../shape';

/** The parts of a sparse tensor, as the tensors that they are stored as. */
export interface SparseParts {
  readonly values: TensorEntry;
  readonly indices: TensorEntry;
  readonly dims: readonly number[];
}

/** A sparse tensor written out. */
export interface DenseView {
  readonly shape: readonly number[];
  readonly elementCount: number;
  readonly source: ByteSource;
}

/**
 * The dense array that a sparse tensor in coordinate form stands for, as a file. Values and indices are
 * kept in memory (they are small against what they stand for), the zeros between them are not.
 * @throws FormatError when indices do not ascend or leave the shape; UnsupportedError above the cap.
 */
export async function openDenseView(
  model: Pick<Model, 'files'>,
  parts: SparseParts,
  name: string,
): Promise<DenseView> {
  const where = { format: 'onnx', place: `sparse tensor ${JSON.stringify(name)}` };
  const { values } = parts;
  const elementBytes = values.storedElementBytes;
  const shape = assertShape(parts.dims, where);
  const elementCount = countElements(shape, Math.max(1, elementBytes), where);
  assertSupported(values, elementCount * elementBytes, where);
  const indices = await readIndices(model, parts, { shape, elementCount, where });
  const bytes = new Uint8Array(values.elementCount * elementBytes);
  await readTensorBytes(model as Model, values, 0, bytes);
  const source: ByteSource = {
    name,
    byteLength: elementCount * elementBytes,
    derived: true,
    readInto(byteOffset, target) {
      fill(target, byteOffset, { indices, bytes, elementBytes });
      return Promise.resolve();
    },
  };
  return { shape, elementCount, source };
}

function assertSupported(values: TensorEntry, denseBytes: number, where: Place): void {
  const whole = Number.isInteger(values.storedElementBytes) && values.storedElementBytes > 0;
  if (whole && denseBytes <= MAX_SPARSE_DENSE_BYTES) return;
  throw new UnsupportedError({
    feature: `ONNX ${where.place}`,
    found: whole ? `${denseBytes} bytes when written out` : `values of ${values.dtype}`,
    supported: `whole bytes an element, at most ${MAX_SPARSE_DENSE_BYTES} bytes in all`,
  });
}

interface Dense {
  readonly shape: readonly number[];
  readonly elementCount: number;
  readonly where: Place;
}

/** Flat indices: stored as such, or one index for each axis. */
async function readIndices(
  model: Pick<Model, 'files'>,
  { values, indices }: SparseParts,
  { shape, elementCount, where }: Dense,
): Promise<Float64Array> {
  const perValue = indices.shape.length === 2 ? shape.length : 1;
  const valid =
    indices.dtype === 'int64' &&
    values.shape.length === 1 &&
    indices.elementCount === values.elementCount * perValue;
  if (!valid) {
    const found = `${indices.dtype} indices of shape [${indices.shape.join(', ')}]`;
    const allowed = `int64 indices of ${values.elementCount} values`;
    throw new FormatError({ ...where, found, allowed });
  }
  const stored = new BigInt64Array(indices.elementCount);
  await readTensorBytes(model as Model, indices, 0, new Uint8Array(stored.buffer));
  const flat = new Float64Array(values.elementCount);
  for (let i = 0; i < flat.length; i++) {
    let index = 0;
    for (let axis = 0; axis < perValue; axis++) {
      const part = Number(stored[i * perValue + axis] ?? 0n);
      const size = perValue === 1 ? elementCount : (shape[axis] ?? 0);
      if (part < 0 || part >= size) {
        throw new FormatError({ ...where, found: `index ${part}`, allowed: `0 to ${size - 1}` });
      }
      index = perValue === 1 ? part : index * size + part;
    }
    if (i > 0 && index <= (flat[i - 1] ?? 0)) {
      const allowed = 'indices that ascend, each once';
      throw new FormatError({
        ...where,
        found: `index ${index} after ${flat[i - 1] ?? 0}`,
        allowed,
      });
    }
    flat[i] = index;
  }
  return flat;
}

interface Stored {
  readonly indices: Float64Array;
  readonly bytes: Uint8Array;
  readonly elementBytes: number;
}

function fill(
  target: Uint8Array,
  byteOffset: number,
  { indices, bytes, elementBytes }: Stored,
): void {
  target.fill(0);
  for (let i = firstFrom(indices, Math.floor(byteOffset / elementBytes)); i < indices.length; i++) {
    const at = (indices[i] ?? 0) * elementBytes - byteOffset;
    if (at >= target.length) return;
    for (let b = Math.max(0, -at); b < elementBytes && at + b < target.length; b++) {
      target[at + b] = bytes[i * elementBytes + b] ?? 0;
    }
  }
}

function firstFrom(indices: Float64Array, wanted: number): number {
  let low = 0;
  let high = indices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((indices[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
