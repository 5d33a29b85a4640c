import type { Shape } from '../../core/graph/shapes/valueFacts';

/** The offsets of all places of a value. */
export function offsetsOf(sizes: Shape, strides: readonly number[]): Int32Array {
  let offsets = Int32Array.of(0);
  sizes.forEach((size, axis) => {
    const stride = strides[axis] ?? 1;
    const next = new Int32Array(offsets.length * size);
    offsets.forEach((offset, i) => {
      for (let k = 0; k < size; k++) next[i * size + k] = offset + k * stride;
    });
    offsets = next;
  });
  return offsets;
}
