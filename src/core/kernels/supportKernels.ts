/**
 * The part of a symmetric matrix whose rows and columns are listed, row by row.
 * @param indices ascending
 */
export function gatherSquare(
  values: Float64Array,
  size: number,
  indices: Int32Array,
  target: Float64Array,
): void {
  const count = indices.length;
  for (let i = 0; i < count; i++) {
    const from = indices[i] * size;
    const to = i * count;
    for (let j = 0; j < count; j++) target[to + j] = values[from + indices[j]];
  }
}

/** target[i] = values[offset + indices[i] * stride]. */
export function gatherStrided(
  values: Float64Array,
  indices: Int32Array,
  { offset, stride }: { readonly offset: number; readonly stride: number },
  target: Float64Array,
): void {
  for (let i = 0; i < indices.length; i++) target[i] = values[offset + indices[i] * stride];
}

/** values[offset + indices[i] * stride] = source[i]. */
export function scatterStrided(
  values: Float64Array,
  indices: Int32Array,
  { offset, stride }: { readonly offset: number; readonly stride: number },
  source: Float64Array,
): void {
  for (let i = 0; i < indices.length; i++) values[offset + indices[i] * stride] = source[i];
}
