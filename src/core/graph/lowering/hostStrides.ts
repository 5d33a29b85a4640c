/** Elements between neighbours along each axis, in C order. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** From the flat index of a broadcast array to that of the array it was broadcast from. */
export function broadcastIndex(
  from: readonly number[],
  to: readonly number[],
): (flat: number) => number {
  const own = stridesOf(from);
  const added = to.length - from.length;
  // Axes of length 1 stay where they are.
  const strides = to.map((_, axis) => (from[axis - added] === 1 ? 0 : (own[axis - added] ?? 0)));
  return stridedIndex(to, strides, 0);
}

/** From the flat index in an array of this shape to an index by other strides. */
export function stridedIndex(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): (flat: number) => number {
  return (flat) => {
    let rest = flat;
    let index = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      const at = rest % size;
      rest = (rest - at) / size;
      index += at * (strides[axis] ?? 0);
    }
    return index;
  };
}
