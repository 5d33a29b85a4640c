/** Per unit: the sum of squares of its weights and how many of them are not zero. */
export interface UnitSums {
  readonly sumsOfSquares: Float64Array;
  readonly nonZeros: Float64Array;
}

/** Adds a chunk: the unit of storage index i is floor(i / inner) modulo the number of units. */
export function addUnitSumsInPlace(
  sums: UnitSums,
  values: Float32Array | Float64Array,
  place: { readonly firstElement: number; readonly inner: number },
): void {
  const { sumsOfSquares, nonZeros } = sums;
  const { firstElement, inner } = place;
  const unitCount = sumsOfSquares.length;
  let unit = Math.floor(firstElement / inner) % unitCount;
  let untilNext = inner - (firstElement % inner);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sumsOfSquares[unit] += value * value;
    if (value !== 0) nonZeros[unit]++;
    if (--untilNext === 0) {
      untilNext = inner;
      unit = unit + 1 === unitCount ? 0 : unit + 1;
    }
  }
}
