import { createRandom } from '../random';
import type { Interval } from './evaluation';
import { CONFIDENCE_LEVEL, MAX_BOOTSTRAP_DRAWS, MIN_RESAMPLES, RESAMPLES } from './limits';
import { normalQuantile, normalShareBelow } from './normalDistribution';
import { quantileOfSorted } from './quantile';
import type { SampleStatistic } from './sampleStatistic';

/** What a bootstrap tells of one statistic. */
export interface BootstrapResult {
  readonly interval: Interval;
  /** Two-sided: how likely a value as far from 0 would be if the true one were 0. */
  readonly pValue: number;
}

/** How many resamples are drawn of so many samples. */
export function resampleCount(sampleCount: number): number {
  const affordable = Math.floor(MAX_BOOTSTRAP_DRAWS / Math.max(1, sampleCount));
  return Math.max(MIN_RESAMPLES, Math.min(RESAMPLES, affordable));
}

/**
 * Intervals of statistics over the same samples: each resample draws as many samples as there are, with
 * replacement, once for all statistics. O(resamples · samples · statistics).
 * @param seed the same seed gives the same intervals
 * @returns in the order of the statistics
 */
export function bootstrap(
  statistics: readonly SampleStatistic[],
  sampleCount: number,
  seed: number,
): readonly BootstrapResult[] {
  const resamples = resampleCount(sampleCount);
  const drawn = statistics.map(() => new Float64Array(resamples));
  const random = createRandom(seed);
  const times = new Uint32Array(sampleCount);
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0);
    for (let i = 0; i < sampleCount; i++) {
      const index = random.below(sampleCount);
      times[index] = (times[index] ?? 0) + 1;
    }
    statistics.forEach((statistic, which) => {
      const values = drawn[which];
      if (values !== undefined) values[resample] = statistic.ofDrawn(times);
    });
  }
  return statistics.map((statistic, which) => {
    const sorted = (drawn[which] ?? new Float64Array(0)).sort();
    return { interval: bcaInterval(statistic, sorted, sampleCount), pValue: signPValue(sorted) };
  });
}

/**
 * The bias-corrected and accelerated interval: the quantiles of the resamples, moved by their median's
 * bias and by the skewness that leaving out single samples shows.
 * Source: Efron, Better bootstrap confidence intervals, 1987; Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, 14.3.
 */
function bcaInterval(
  statistic: SampleStatistic,
  sorted: Float64Array,
  sampleCount: number,
): Interval {
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  const bias = normalQuantile(shareBelow(sorted, statistic.value));
  const acceleration = accelerationOf(statistic, sampleCount);
  const end = (share: number): number => {
    const moved = bias + normalQuantile(share);
    const corrected = normalShareBelow(bias + moved / (1 - acceleration * moved));
    // Where all resamples lie on one side, the correction is not defined: the plain quantile remains.
    return quantileOfSorted(sorted, Number.isFinite(bias) ? corrected : share);
  };
  return { low: end(tail), high: end(1 - tail) };
}

/** The share of values below; those equal count half. */
function shareBelow(sorted: Float64Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const one of sorted) {
    if (one < value) below += 1;
    else if (one === value) equal += 1;
  }
  return (below + equal / 2) / sorted.length;
}

/** Σ d³ / 6 (Σ d²)^1.5, where d is the mean of the statistic without one sample less that value. */
function accelerationOf(statistic: SampleStatistic, sampleCount: number): number {
  if (sampleCount < 2) return 0;
  const left = Float64Array.from({ length: sampleCount }, (_, i) => statistic.without(i));
  const mean = left.reduce((sum, value) => sum + value, 0) / sampleCount;
  let squares = 0;
  let cubes = 0;
  for (const value of left) {
    const away = mean - value;
    squares += away ** 2;
    cubes += away ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/**
 * Twice the share of resamples on the other side of 0, counted with one more on each side, so that it is
 * never 0. Source: Efron and Tibshirani 1993, 15.4 and 16.4.
 */
function signPValue(sorted: Float64Array): number {
  let atMost = 1;
  let atLeast = 1;
  for (const value of sorted) {
    if (!(value > 0)) atMost += 1;
    if (!(value < 0)) atLeast += 1;
  }
  return Math.min(1, (2 * Math.min(atMost, atLeast)) / (sorted.length + 1));
}
