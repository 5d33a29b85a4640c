/** Arrays of elements whose bits are moved, whatever they mean. */
export type BitArray = Uint8Array | Uint16Array | Uint32Array;

/**
 * Copies a dense array of any order of axes into C order: target[i] = source[sum of index * stride].
 * @param shape and strides (in elements of source) by axis, as many of each
 */
export function permuteToCOrder(
  source: BitArray,
  target: BitArray,
  shape: readonly number[],
  strides: readonly number[],
): void {
  const last = shape.length - 1;
  const rowLength = last < 0 ? 1 : shape[last];
  const rowStride = last < 0 ? 0 : strides[last];
  const index = new Float64Array(shape.length);
  let from = 0;
  for (let to = 0; to < target.length; to += rowLength) {
    for (let i = 0, at = from; i < rowLength; i++, at += rowStride) target[to + i] = source[at];
    // The next row: one more of the axis before, with a carry where that is full.
    for (let axis = last - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
