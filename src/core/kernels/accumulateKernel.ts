/** Adds values to sums, element by element. */
export function addInPlace(sums: Float32Array | Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i];
}

/** Adds the products of two arrays, element by element. */
export function addProductsInPlace(
  sums: Float32Array | Float64Array,
  a: Float32Array | Float64Array,
  b: Float32Array,
): void {
  for (let i = 0; i < sums.length; i++) sums[i] += a[i] * b[i];
}

/** Multiplies all by a factor. */
export function scaleInPlace(values: Float32Array | Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

/** The sum of all. */
export function total(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
