import { FormatError, type Place } from '../../errors';
import type { Span, TensorEntry } from '../../model/model';
import type { NpyHeader } from './parseNpyHeader';

/**
 * The tensor of a .npy array whose bytes lie in `data`.
 * @throws FormatError when the bytes are fewer than the shape needs; more are allowed, as in NumPy.
 */
export function npyTensor(name: string, header: NpyHeader, data: Span, where: Place): TensorEntry {
  const needed = header.elementCount * header.elementBytes;
  if (data.byteLength < needed) {
    throw new FormatError({
      ...where,
      found: `${data.byteLength} bytes of data`,
      allowed: `${needed} for shape (${header.shape.join(', ')}) of ${header.dtypeLabel ?? header.dtype}`,
      byteOffset: data.byteOffset,
    });
  }
  return {
    name,
    shape: header.shape,
    dtype: header.dtype,
    ...(header.dtypeLabel === undefined ? {} : { dtypeLabel: header.dtypeLabel }),
    elementCount: header.elementCount,
    storedElementBytes: header.elementBytes,
    spans: [{ ...data, byteLength: needed }],
    littleEndian: header.littleEndian,
    // With at most one axis that is longer than 1 both orders are the same bytes.
    storageOrder:
      header.fortranOrder && header.shape.filter((size) => size > 1).length > 1
        ? header.shape.map((_, axis) => header.shape.length - 1 - axis)
        : null,
    role: 'parameter',
  };
}
