import type { UnitPlace } from './unitNormsKernel';

/** What the scores of each unit's weights add up to. */
export interface UnitAccumulators {
  readonly sums: Float64Array;
  readonly sumsOfSquares: Float64Array;
  readonly maxima: Float64Array;
}

/** One for each unit, all empty. */
export function makeUnitAccumulators(count: number): UnitAccumulators {
  return {
    sums: new Float64Array(count),
    sumsOfSquares: new Float64Array(count),
    maxima: new Float64Array(count).fill(-Infinity),
  };
}

/** Adds a chunk of scores, whatever their signs. NaN and infinities spoil their unit's sums. */
export function addUnitScoresInPlace(
  { sums, sumsOfSquares, maxima }: UnitAccumulators,
  scores: Float32Array | Float64Array,
  { firstElement, inner }: UnitPlace,
): void {
  const unitCount = sums.length;
  let unit = Math.floor(firstElement / inner) % unitCount;
  let untilNext = inner - (firstElement % inner);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    sums[unit] += score;
    sumsOfSquares[unit] += score * score;
    if (score > maxima[unit]) maxima[unit] = score;
    if (--untilNext === 0) {
      untilNext = inner;
      unit = unit + 1 === unitCount ? 0 : unit + 1;
    }
  }
}
