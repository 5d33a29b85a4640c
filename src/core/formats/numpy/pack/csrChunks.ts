import { columnsOfKept } from '../../../kernels/csrKernels';
import { gatherKept } from '../../../kernels/packKernels';
import { swapBytesInPlace } from '../../../kernels/swapBytes';
import type { Model, TensorEntry } from '../../../model/model';
import { markedChunks, matrixShape } from '../../../pack/countKept';
import { rowStartsAmong } from '../../../pack/rowStarts';
import type { JobControl } from '../../../progress';
import type { NpyDescr } from '../npyHeader';

type Watch = Pick<JobControl, 'signal'>;

/** How indices are written. */
interface IndexChunks {
  readonly descr: NpyDescr;
  readonly control: Watch;
}

/** The column of each kept element. @throws IoError, FormatError, CancelledError. */
export async function* columnChunks(
  model: Model,
  tensor: TensorEntry,
  { descr, control }: IndexChunks,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { columns } = matrixShape(tensor.shape);
  for await (const { firstElement, flags, kept } of markedChunks(model, tensor, control)) {
    const indices = descr === '<i4' ? new Int32Array(kept) : new Float64Array(kept);
    columnsOfKept(flags, { column: firstElement % columns, columns }, indices);
    yield indexBytes(indices);
  }
}

/** How many elements are kept before each row, and in all. @throws IoError, FormatError, CancelledError. */
export async function* rowStartChunks(
  model: Model,
  tensor: TensorEntry,
  { descr, control }: IndexChunks,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { columns } = matrixShape(tensor.shape);
  let kept = 0;
  for await (const chunk of markedChunks(model, tensor, control)) {
    const { firstElement, flags } = chunk;
    const starts = rowStartsAmong(flags, { firstElement, columns, kept });
    yield indexBytes(descr === '<i4' ? Int32Array.from(starts) : starts);
    kept += chunk.kept;
  }
  yield indexBytes(descr === '<i4' ? Int32Array.of(kept) : Float64Array.of(kept));
}

/** The kept elements, in the tensor's own byte order. @throws IoError, FormatError, CancelledError. */
export async function* keptChunks(
  model: Model,
  tensor: TensorEntry,
  control: Watch,
): AsyncGenerator<Uint8Array, void, undefined> {
  const elementBytes = tensor.storedElementBytes;
  for await (const { bytes, flags, kept } of markedChunks(model, tensor, control)) {
    const values = new Uint8Array(kept * elementBytes);
    gatherKept(bytes, elementBytes, flags, values);
    yield inOwnByteOrder(tensor, values);
  }
}

/** Turns little-endian elements into the tensor's own byte order, in place. */
export function inOwnByteOrder(tensor: TensorEntry, bytes: Uint8Array): Uint8Array {
  if (tensor.littleEndian) return bytes;
  // A complex number is two numbers, each with its own byte order.
  const numbers = tensor.dtype.startsWith('complex') ? 2 : 1;
  swapBytesInPlace(bytes, tensor.storedElementBytes / numbers);
  return bytes;
}

/** Doubles stand for int64, which are exact up to 2^53. */
function indexBytes(indices: Int32Array | Float64Array): Uint8Array {
  const exact = indices instanceof Int32Array ? indices : BigInt64Array.from(indices, BigInt);
  return new Uint8Array(exact.buffer, exact.byteOffset, exact.byteLength);
}
