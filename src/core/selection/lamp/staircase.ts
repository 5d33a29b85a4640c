import { float64FromWords } from '../../kernels/selectionKernels';

/** Scores that never fall, each with how many have it: how many are at most a given one is found by halving. */
export class Staircase {
  /** How many stand before each step. */
  private readonly before: Float64Array;

  constructor(
    private readonly scores: Float64Array,
    counts: Float64Array,
  ) {
    this.before = new Float64Array(scores.length + 1);
    counts.forEach((count, step) => {
      this.before[step + 1] = (this.before[step] ?? 0) + count;
    });
  }

  /** How many have the scores of the first `steps` steps. */
  countBefore(steps: number): number {
    return this.before[steps] ?? 0;
  }

  countUpTo(score: number): number {
    return this.countBefore(this.stepsUpTo(score));
  }

  /** Steps with a score of at most this. */
  stepsUpTo(score: number): number {
    return this.firstStep((one) => one > score);
  }

  /** Steps with a score below this. */
  stepsBelow(score: number): number {
    return this.firstStep((one) => one >= score);
  }

  private firstStep(isPast: (score: number) => boolean): number {
    let [low, high] = [0, this.scores.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(this.scores[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The upper word of 2.0, above every score. */
const UPPER_END = 0x40000000;

/**
 * The smallest score that at least `rank` have: found by halving its 62 bits.
 * @param countUpTo how many score at most this; never falls
 */
export function scoreOfRank(rank: number, countUpTo: (score: number) => number): number {
  const upper = firstWord(
    UPPER_END,
    (word) => countUpTo(float64FromWords(word, 0xffffffff)) >= rank,
  );
  const lower = firstWord(0xffffffff, (word) => countUpTo(float64FromWords(upper, word)) >= rank);
  return float64FromWords(upper, lower);
}

/** The smallest whole number up to `end` for which it holds, or `end`. */
function firstWord(end: number, holds: (word: number) => boolean): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
