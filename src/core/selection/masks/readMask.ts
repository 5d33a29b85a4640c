import { UsageError } from '../../errors';
import { firstOther, maskByteLength, setZeroBits } from '../../kernels/maskKernels';
import { decodeValues, isNumeric, makeDecodeScratch } from '../../model/decodeValues';
import { flatIndexMap } from '../../model/elementOrder';
import type { Model, TensorEntry } from '../../model/model';
import { TensorStreamer } from '../../model/streamTensor';
import type { OnChunk } from '../selection';

/**
 * One mask of a file of masks: a set bit where the array holds 0. One pass; a bit an element, and a chunk.
 * @throws UsageError naming the first value that is neither 0 nor 1, which a share of a weight or a score would be;
 * FormatError, IoError as the byte sources do.
 */
export async function readMask(
  file: Model,
  array: TensorEntry,
  onChunk: OnChunk,
): Promise<Uint8Array> {
  if (!isNumeric(array.dtype)) throw notAMask(array, array.dtype);
  const mask = new Uint8Array(maskByteLength(array.elementCount));
  const scratch = makeDecodeScratch();
  const flatIndexOf = flatIndexMap(array);
  for await (const { bytes, firstElement, elementCount } of new TensorStreamer(file).chunks(
    array,
  )) {
    const values = decodeValues(array, bytes, scratch, elementCount);
    const other = firstOther(values);
    if (other !== -1) {
      const index = flatIndexOf === null ? firstElement + other : flatIndexOf(firstElement + other);
      throw notAMask(array, `${values[other] ?? ''} at flat index ${index}`);
    }
    setZeroBits(mask, values, { firstElement, flatIndexOf });
    onChunk(values.length);
  }
  return mask;
}

function notAMask({ name }: TensorEntry, found: string): UsageError {
  return new UsageError(
    `the mask of ${name}: found ${found}; allowed: booleans, or the numbers 0, where a weight goes, and 1, where it stays`,
  );
}
