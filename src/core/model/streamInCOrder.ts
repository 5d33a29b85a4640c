import { type BitArray, permuteToCOrder } from '../kernels/permuteKernel';
import { swapBytesInPlace } from '../kernels/swapBytes';
import { MAX_REORDER_BYTES } from '../limits';
import { decodeValues, makeDecodeScratch } from './decodeValues';
import type { Model, TensorEntry } from './model';
import { readTensorBytes, TensorStreamer } from './streamTensor';

/**
 * A tensor's values as little-endian bytes in C order, whatever the file's order of axes and bytes;
 * what TensorFlow.js dequantises comes as float32. Chunks are valid until the next is asked for.
 * Space: a chunk, or two boxes where the axes are stored in another order.
 * @param boxBytes the size of a box
 * @throws IoError, FormatError as the byte sources do.
 */
export function streamInCOrder(
  model: Model,
  tensor: TensorEntry,
  boxBytes: number = MAX_REORDER_BYTES,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  if (tensor.storageOrder !== null) {
    return reordered(model, tensor, { storageOrder: tensor.storageOrder, boxBytes });
  }
  return tensor.quantization === undefined ? plain(model, tensor) : dequantized(model, tensor);
}

async function* plain(
  model: Model,
  tensor: TensorEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for await (const { bytes } of new TensorStreamer(model).chunks(tensor)) {
    if (!tensor.littleEndian) swapBytesInPlace(bytes, numberBytes(tensor));
    yield bytes;
  }
}

async function* dequantized(
  model: Model,
  tensor: TensorEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const scratch = makeDecodeScratch();
  for await (const { bytes } of new TensorStreamer(model).chunks(tensor)) {
    const values = decodeValues(tensor, bytes, scratch);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

/** A complex number is two numbers, each with its own byte order. */
function numberBytes({ dtype, storedElementBytes }: TensorEntry): number {
  return dtype.startsWith('complex') ? storedElementBytes / 2 : storedElementBytes;
}

async function* reordered(
  model: Model,
  tensor: TensorEntry,
  { storageOrder, boxBytes }: { readonly storageOrder: readonly number[]; boxBytes: number },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const elementBytes = tensor.storedElementBytes;
  for (const box of boxesOf(tensor.shape, elementBytes, boxBytes)) {
    const stored = await readBox(model, tensor, box, storageOrder);
    if (!tensor.littleEndian) swapBytesInPlace(stored, numberBytes(tensor));
    const result = new Uint8Array(stored.length);
    const strides = stridesOf(box.size, storageOrder);
    permuteElements(stored, result, { shape: box.size, strides, elementBytes });
    yield result;
  }
}

/** A part of an array that is one run in C order. */
interface Box {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/** The array in boxes of bounded size, in C order. */
function* boxesOf(
  shape: readonly number[],
  elementBytes: number,
  boxBytes: number,
): Generator<Box> {
  if (shape.includes(0)) return;
  const { axis, length } = splitAxis(shape, elementBytes, boxBytes);
  const start = shape.map(() => 0);
  for (;;) {
    for (let at = 0; at < (shape[axis] ?? 1); at += length) {
      const size = shape.map((full, i) => (i < axis ? 1 : full));
      size[axis] = Math.min(length, (shape[axis] ?? 1) - at);
      yield { start: start.map((index, i) => (i === axis ? at : index)), size };
    }
    if (!advance(start, shape, axis - 1)) return;
  }
}

/** The first axis whose slices fit, and how many of them fit together. */
function splitAxis(
  shape: readonly number[],
  elementBytes: number,
  boxBytes: number,
): { readonly axis: number; readonly length: number } {
  let sliceBytes = elementBytes;
  let axis = shape.length - 1;
  while (axis > 0 && sliceBytes * (shape[axis] ?? 1) <= boxBytes) {
    sliceBytes *= shape[axis] ?? 1;
    axis--;
  }
  return { axis, length: Math.max(1, Math.floor(boxBytes / sliceBytes)) };
}

/** The next index of the axes up to `last` in C order; false after the last one. */
function advance(index: number[], shape: readonly number[], last: number): boolean {
  for (let axis = last; axis >= 0; axis--) {
    const next = (index[axis] ?? 0) + 1;
    index[axis] = next < (shape[axis] ?? 1) ? next : 0;
    if (next < (shape[axis] ?? 1)) return true;
  }
  return false;
}

/** The box's elements in the order in which they are stored, read run by run. */
async function readBox(
  model: Model,
  tensor: TensorEntry,
  box: Box,
  storageOrder: readonly number[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, storedElementBytes: elementBytes } = tensor;
  const strides = stridesOf(shape, storageOrder);
  const count = box.size.reduce((product, size) => product * size, 1);
  const target = new Uint8Array(count * elementBytes);
  const { runLength, loopAxes } = runsOf(shape, box, storageOrder);
  const index = loopAxes.map(() => 0);
  const sizes = loopAxes.map((axis) => box.size[axis] ?? 1);
  const first = box.start.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0);
  let filled = 0;
  do {
    const offset = loopAxes.reduce(
      (sum, axis, i) => sum + (index[i] ?? 0) * (strides[axis] ?? 0),
      first,
    );
    const run = target.subarray(filled, filled + runLength * elementBytes);
    await readTensorBytes(model, tensor, offset * elementBytes, run);
    filled += run.length;
  } while (advance(index, sizes, index.length - 1));
  return target;
}

/** How many elements of the box lie together in the file, and the axes (slowest first) to step over. */
function runsOf(
  shape: readonly number[],
  box: Box,
  storageOrder: readonly number[],
): { readonly runLength: number; readonly loopAxes: readonly number[] } {
  let runLength = 1;
  for (let i = storageOrder.length - 1; i >= 0; i--) {
    const axis = storageOrder[i] ?? 0;
    runLength *= box.size[axis] ?? 1;
    if (box.size[axis] !== shape[axis]) return { runLength, loopAxes: storageOrder.slice(0, i) };
  }
  return { runLength, loopAxes: [] };
}

/** The stride of each axis, in elements, of a dense array of this size and order of axes. */
function stridesOf(size: readonly number[], storageOrder: readonly number[]): number[] {
  const strides = size.map(() => 0);
  let stride = 1;
  for (const axis of [...storageOrder].reverse()) {
    strides[axis] = stride;
    stride *= size[axis] ?? 1;
  }
  return strides;
}

interface Permutation {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly elementBytes: number;
}

function permuteElements(
  source: Uint8Array<ArrayBuffer>,
  target: Uint8Array<ArrayBuffer>,
  { shape, strides, elementBytes }: Permutation,
): void {
  if (elementBytes > 4) {
    // Larger elements are moved as several words: one more axis, the fastest.
    const words = elementBytes / 4;
    const wide = { shape: [...shape, words], strides: [...strides.map((s) => s * words), 1] };
    permuteElements(source, target, { ...wide, elementBytes: 4 });
    return;
  }
  permuteToCOrder(bitsOf(source, elementBytes), bitsOf(target, elementBytes), shape, strides);
}

function bitsOf({ buffer }: Uint8Array<ArrayBuffer>, elementBytes: number): BitArray {
  switch (elementBytes) {
    case 1:
      return new Uint8Array(buffer);
    case 2:
      return new Uint16Array(buffer);
    case 4:
      return new Uint32Array(buffer);
    default:
      throw new Error(`elements of ${elementBytes} bytes are not reordered`);
  }
}
