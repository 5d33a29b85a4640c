import { lampScore } from '../../criteria/lamp';
import type { ClosedRange } from '../../kernels/lampKernels';
import { Staircase } from './staircase';

/** Runs of a layer's magnitudes, ascending and none empty: bins, or equal magnitudes. */
export interface LampRuns {
  /** The smallest and the largest magnitude of each. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  readonly counts: Float64Array;
  /** Of the squares of each. */
  readonly sums: Float64Array;
}

/** Rounding in sums of squares of up to 10^9 weights stays far below this share. */
const SLACK = 1e-7;

/**
 * What is known of the LAMP scores of one layer: of the runs that matter still, and of all weights below and
 * above them no more than what matters for these.
 */
export class LampLayer {
  /** Sums of squares of all that ranks above each run. */
  private readonly above: Float64Array;
  /** Of the last weight of each run, where all of it are equal; made when first asked for. */
  private lastScores: Staircase | null = null;

  constructor(
    readonly runs: LampRuns,
    /** Weights that rank below all runs. */
    readonly below: number,
    /** The sum of squares of the weights that rank above all runs. */
    private readonly sumAbove: number,
  ) {
    this.above = sumsAbove(runs.sums, sumAbove);
  }

  /** Weights in the runs. */
  get count(): number {
    return this.runs.counts.reduce((sum, count) => sum + count, 0);
  }

  /** From the smallest to the largest magnitude of the runs; null where there are none. */
  get range(): ClosedRange | null {
    const low = this.runs.lows[0];
    const high = this.runs.highs.at(-1);
    return low === undefined || high === undefined ? null : { low, high };
  }

  /** Each run is of equal magnitudes. */
  hasEqualRuns(): boolean {
    const { lows, highs } = this.runs;
    return lows.every((low, run) => low === highs[run]);
  }

  /** Scores that are at most those of each run: of its first weight, were it the smallest possible. */
  lowerBounds(): Staircase {
    const { lows, sums, counts } = this.runs;
    const scores = lows.map(
      (low, run) => lampScore(low ** 2, at(this.above, run) + at(sums, run)) * (1 - SLACK),
    );
    return new Staircase(scores, counts);
  }

  /** Scores that are at least those of each run: of its last weight, were it the largest possible. */
  upperBounds(): Staircase {
    const { highs, counts } = this.runs;
    const scores = highs.map(
      (high, run) => lampScore(high ** 2, at(this.above, run) + high ** 2) * (1 + SLACK),
    );
    return new Staircase(scores, counts);
  }

  /** The layer with no more runs than may have scores from `low` to `high`. */
  narrowed(low: number, high: number): LampLayer {
    const { lows, highs, counts, sums } = this.runs;
    const from = this.upperBounds().stepsBelow(low);
    const to = Math.max(from, this.lowerBounds().stepsUpTo(high));
    const runs = {
      lows: lows.slice(from, to),
      highs: highs.slice(from, to),
      counts: counts.slice(from, to),
      sums: sums.slice(from, to),
    };
    const below = counts.subarray(0, from).reduce((sum, count) => sum + count, this.below);
    const sumAbove = to === 0 ? at(this.above, 0) + at(sums, 0) : at(this.above, to - 1);
    return new LampLayer(runs, below, lows.length === 0 ? this.sumAbove : sumAbove);
  }

  /** The layer with other runs in the place of its own. */
  withRuns(runs: LampRuns): LampLayer {
    return new LampLayer(runs, this.below, this.sumAbove);
  }

  /** How many weights score at most `score`, where each run is of equal magnitudes. */
  countUpTo(score: number): number {
    this.lastScores ??= this.scoresOfLast();
    const whole = this.lastScores.stepsUpTo(score);
    return this.below + this.lastScores.countBefore(whole) + this.countWithin(whole, score);
  }

  private scoresOfLast(): Staircase {
    const { highs, counts } = this.runs;
    const last = highs.map((high, run) => lampScore(high ** 2, at(this.above, run) + high ** 2));
    return new Staircase(last, counts);
  }

  /** Of equal magnitudes the first score least: the sums from them on are largest. */
  private countWithin(run: number, score: number): number {
    if (run >= this.runs.counts.length) return 0;
    const square = at(this.runs.highs, run) ** 2;
    let [low, high] = [0, at(this.runs.counts, run)];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const sum = at(this.above, run) + (at(this.runs.counts, run) - middle) * square;
      if (lampScore(square, sum) <= score) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sumsAbove(sums: Float64Array, sumAbove: number): Float64Array {
  const above = new Float64Array(sums.length);
  let sum = sumAbove;
  for (let run = sums.length - 1; run >= 0; run--) {
    above[run] = sum;
    sum += at(sums, run);
  }
  return above;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
