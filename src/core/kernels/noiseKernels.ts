import type { UnitValues } from './unitTallyKernel';

/** How far noise moved each value from where it was: sums over the draws. */
export interface MovedValues {
  /** Without noise. */
  readonly still: Float32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Nothing has moved yet. @param still the values without noise, as many as there will be sums */
export function makeMovedValues(still: Float32Array): MovedValues {
  return {
    still,
    sums: new Float64Array(still.length),
    squares: new Float64Array(still.length),
  };
}

/** Adds what one draw gives. */
export function addMovedInPlace(
  { still, sums, squares }: MovedValues,
  values: ArrayLike<number>,
): void {
  for (let i = 0; i < still.length; i++) {
    const moved = values[i] - still[i];
    sums[i] += moved;
    squares[i] += moved * moved;
  }
}

/** Adds, `weight` times, the unbiased variance of each value over the draws to the sum of its unit. */
export function addVariancesInPlace(
  sums: Float64Array,
  { sums: moved, squares }: MovedValues,
  {
    inner,
    unitCount,
    draws,
    weight,
  }: Omit<UnitValues, 'values'> & {
    readonly draws: number;
    readonly weight: number;
  },
): void {
  for (let i = 0; i < moved.length; i++) {
    const variance = (squares[i] - (moved[i] * moved[i]) / draws) / (draws - 1);
    sums[Math.floor(i / inner) % unitCount] += weight * Math.max(0, variance);
  }
}
