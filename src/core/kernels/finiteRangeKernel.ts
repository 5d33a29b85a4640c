/** From the smallest to the largest finite value that was met; `min` above `max` where there was none. */
export interface FiniteRange {
  min: number;
  max: number;
}

/** Widens the range by the finite values of a chunk. */
export function widenInPlace(range: FiniteRange, values: Float32Array | Float64Array): void {
  // In local numbers: those of an object would be stored anew for each value.
  let { min, max } = range;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min && value >= -Number.MAX_VALUE) min = value;
    if (value > max && value <= Number.MAX_VALUE) max = value;
  }
  range.min = min;
  range.max = max;
}
