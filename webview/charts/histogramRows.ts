import type { Distribution } from '../../src/core/statistics/tensorStatistics';
import { rebin } from '../../src/core/statistics/rebin';

/** One row of the table that stands for a histogram. */
export interface HistogramRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The whole range lies within ±τ. */
  readonly isPruned: boolean;
}

/** Rows of the table: few enough to be read, and an even number so that zero is an edge. */
export const TABLE_BINS = 26;

/** The histogram as ranges with their counts. Zeros are in none: they have a row of their own. */
export function histogramRows(
  distribution: Distribution,
  threshold: number | null,
): readonly HistogramRow[] {
  const { bins, limit } = distribution;
  const width = (2 * limit) / TABLE_BINS;
  const half = TABLE_BINS / 2;
  return rebin(bins, TABLE_BINS).map((count, index) => {
    const from = (index - half) * width;
    const to = (index + 1 - half) * width;
    const isPruned = threshold !== null && Math.max(Math.abs(from), Math.abs(to)) <= threshold;
    return { from, to, count, isPruned };
  });
}
