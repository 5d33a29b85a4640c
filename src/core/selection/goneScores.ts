import type { Values } from '../model/decodeValues';

/** The score of a unit or block whose weights are all gone already: below every other, also when two are added. */
export const GONE_UNIT = -1e300;

/**
 * The least score of a weight that stays, where 0 is that of weights that are gone: above 0 also when squared.
 * @param inFloat64 whether scores are; else they are float32
 */
export function leastKept(inFloat64: boolean): number {
  return inFloat64 ? 2 ** -530 : 2 ** -149;
}

/** As they were before {@link leastKept} was made of zeros. */
export function withKeptZeros(scores: Values): Values {
  const least = leastKept(scores instanceof Float64Array);
  return scores.map((score) => (Math.abs(score) <= least ? 0 : score));
}

/** 1 for each weight that is gone, 0 for the others. */
export function goneFlags(scores: Values, isGone: (ranked: number) => boolean): Values {
  return scores.map((score) => (isGone(score) ? 1 : 0));
}
