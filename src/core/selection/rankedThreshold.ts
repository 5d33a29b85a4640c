import { numberOfKey, orderedKey } from '../kernels/orderedKeys';
import type { ScoreSource } from './scoreSource';

type RankedBy = Pick<ScoreSource, 'signed'>;

/** The largest finite float32. */
const LARGEST = 3.4028234663852886e38;

/**
 * A threshold of the criterion's scores as what is ranked is compared with: scores up to it go, or from it on
 * where the highest go first.
 */
export function rankedThreshold(by: RankedBy, threshold: number): number {
  if (by.signed === null) return threshold;
  const limit = rankedUnitScore(by, threshold);
  const key = orderedKey(Math.min(Math.max(limit, -LARGEST), LARGEST));
  // Rounded to a float32 it may be larger than it was: then the one below is the last that goes.
  return numberOfKey(key) > limit ? key - 1 : key;
}

/** The criterion's score that a ranked one stands for; null where nothing goes. */
export function scoreOfRanked(by: RankedBy, ranked: number | null): number | null {
  if (by.signed === null || ranked === null) return ranked;
  return rankedUnitScore(by, numberOfKey(ranked));
}

/** A criterion's score of a unit as it is ranked, lowest first; and the other way round. */
export function rankedUnitScore({ signed }: RankedBy, score: number): number {
  return signed === 'highest-first' ? 0 - score : score;
}
