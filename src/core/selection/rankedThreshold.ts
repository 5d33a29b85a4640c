import { GONE_KEY, LARGEST_FLOAT32, numberOfKey, orderedKey } from '../kernels/orderedKeys';
import { GONE_UNIT, leastKept } from './goneScores';
import type { ScoreSource } from './scoreSource';

type RankedBy = Pick<ScoreSource, 'signed' | 'isGone'>;

/**
 * A threshold of the criterion's scores as what is ranked is compared with: scores up to it go, or from it on
 * where the highest go first.
 */
export function rankedThreshold(by: RankedBy, threshold: number): number {
  // Scores of 0 of what stays have become the least number above.
  if (by.signed === null) {
    return by.isGone === undefined ? threshold : Math.max(threshold, leastKept(false));
  }
  const limit = rankedUnitScore(by, threshold);
  const key = orderedKey(Math.min(Math.max(limit, -LARGEST_FLOAT32), LARGEST_FLOAT32));
  // Rounded to a float32 it may be larger than it was: then the one below is the last that goes.
  return numberOfKey(key) > limit ? key - 1 : key;
}

/** The criterion's score that a ranked one stands for; null where nothing goes, or only what is gone already. */
export function scoreOfRanked(by: RankedBy, ranked: number | null): number | null {
  if (by.signed === null || ranked === null) return ranked;
  return ranked === GONE_KEY ? null : rankedUnitScore(by, numberOfKey(ranked));
}

/** The same of units, which are ranked by numbers with their signs. */
export function scoreOfRankedUnit(by: RankedBy, ranked: number | null): number | null {
  return ranked === null || ranked === GONE_UNIT ? null : rankedUnitScore(by, ranked);
}

/** A criterion's score of a unit as it is ranked, lowest first; and the other way round. */
export function rankedUnitScore({ signed }: RankedBy, score: number): number {
  return signed === 'highest-first' ? 0 - score : score;
}
