/**
 * Sums over all axes but the last, in float64: one pass, however many rows there are.
 * @param values [rows, columns]
 * @returns [columns]
 */
export function columnSums(values: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at + columns <= values.length && columns > 0;) {
    for (let column = 0; column < columns; column++) sums[column] += values[at++];
  }
  return sums;
}

/**
 * Adds rows up by segment: the gradient of looking rows up. Rows of a segment that does not exist count nowhere.
 * @param rows [segments.length, size]
 * @param sums [segmentCount, size], overwritten
 */
export function segmentSums(
  rows: Float32Array | Int32Array,
  segments: Int32Array,
  sums: Float32Array | Int32Array,
  size: number,
): void {
  sums.fill(0);
  const segmentCount = size === 0 ? 0 : sums.length / size;
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row];
    if (segment < 0 || segment >= segmentCount) continue;
    for (let i = 0; i < size; i++) sums[segment * size + i] += rows[row * size + i];
  }
}
