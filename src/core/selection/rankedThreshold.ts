import { numberOfKey, orderedKey } from '../kernels/orderedKeys';

/** Whether what is ranked are ordered keys of scores that may be negative; see ScoreSource.signed. */
interface RankedBy {
  readonly signed: boolean;
}

/** A threshold of the criterion's scores as what is ranked is compared with. */
export function rankedThreshold({ signed }: RankedBy, threshold: number): number {
  if (!signed) return threshold;
  const key = orderedKey(Math.min(Math.max(threshold, -LARGEST), LARGEST));
  // Rounded to a float32 it may be larger than it was: then the one below is the last that goes.
  return numberOfKey(key) > threshold ? key - 1 : key;
}

/** The criterion's score that a ranked one stands for; null where nothing goes. */
export function scoreOfRanked({ signed }: RankedBy, ranked: number | null): number | null {
  return signed && ranked !== null ? numberOfKey(ranked) : ranked;
}

const LARGEST = 3.4028234663852886e38;
