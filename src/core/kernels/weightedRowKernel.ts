/**
 * Adds a row of a matrix to sums of its columns, times `weight`.
 * @param values [rows, columns]; as many columns as `sums` has
 */
export function addWeightedRow(
  sums: Float64Array,
  values: Float64Array,
  row: number,
  weight: number,
): void {
  const start = row * sums.length;
  for (let i = 0; i < sums.length; i++) sums[i] += weight * values[start + i];
}
