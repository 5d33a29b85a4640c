import { FormatError } from '../../../errors';
import { swapBytesInPlace } from '../../../kernels/swapBytes';
import type { Model, TensorEntry } from '../../../model/model';
import { readTensorBytes } from '../../../model/streamTensor';

/** A name that is kept as an array is at most as long as the name of a member. */
const MAX_TEXT_BYTES = 0xffff;

/** The one text of an array of bytes. @throws FormatError where it is too long, or not UTF-8; IoError. */
export async function readText(model: Model, array: TensorEntry): Promise<string> {
  const byteLength = array.storedElementBytes;
  const place = `array ${JSON.stringify(array.name)}`;
  if (byteLength > MAX_TEXT_BYTES) {
    const allowed = `at most ${MAX_TEXT_BYTES}`;
    throw new FormatError({ format: 'npz', place, found: `${byteLength} bytes of text`, allowed });
  }
  const bytes = new Uint8Array(byteLength);
  await readTensorBytes(model, array, 0, bytes);
  try {
    // NumPy takes zeros at the end for padding.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(bytes)
      .replace(/\0+$/u, '');
  } catch {
    throw new FormatError({ format: 'npz', place, found: 'bytes', allowed: 'UTF-8' });
  }
}

/** The whole numbers of a short array of int32 or int64. @throws IoError, FormatError. */
export async function readIntegers(model: Model, array: TensorEntry): Promise<readonly number[]> {
  const { storedElementBytes: elementBytes, elementCount } = array;
  const bytes = new Uint8Array(elementCount * elementBytes);
  await readTensorBytes(model, array, 0, bytes);
  if (!array.littleEndian) swapBytesInPlace(bytes, elementBytes);
  if (elementBytes === 4) return Array.from(new Int32Array(bytes.buffer));
  return Array.from(new BigInt64Array(bytes.buffer), Number);
}
