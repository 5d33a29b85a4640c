import { MAGNITUDE_STEPS, type Distribution } from '../../src/core/statistics/tensorStatistics';
import type { TensorStatisticsView } from '../../src/protocol/views';

/** What is known of a tensor's |w| without its weights: enough to predict a threshold's effect. */
export interface MagnitudeTable {
  /** All elements, the not finite ones too. */
  readonly elementCount: number;
  /** Finite elements: only these can be pruned. */
  readonly finiteCount: number;
  readonly zeros: number;
  /** |w| at the shares 0, 1/256, …, 1 of the finite elements. */
  readonly magnitudes: ArrayLike<number>;
}

/** The table of a prunable tensor of `elementCount` elements; null while its statistics are missing. */
export function magnitudeTableOf(
  elementCount: number,
  view: TensorStatisticsView | undefined,
): MagnitudeTable | null {
  if (!view?.distribution) return null;
  const { statistics, distribution } = view;
  let table = tables.get(distribution);
  if (table === undefined) {
    table = {
      elementCount,
      finiteCount: elementCount - statistics.nonFinite,
      zeros: statistics.zeros,
      // Read some hundred thousand times in each frame of a drag over a model of many layers.
      magnitudes: Float64Array.from(distribution.magnitudes),
    };
    tables.set(distribution, table);
  }
  return table;
}

const tables = new WeakMap<Distribution, MagnitudeTable>();

/** The largest |w|; 0 where nothing is finite. */
export function largestMagnitude(table: MagnitudeTable): number {
  return table.magnitudes[MAGNITUDE_STEPS] ?? 0;
}

/**
 * About how many finite elements have |w| of at most `threshold`, between the table's steps by
 * interpolation: right to within one step (1/256 of the elements) and one element.
 */
export function rankOf(table: MagnitudeTable, threshold: number): number {
  const { magnitudes, finiteCount, zeros } = table;
  if (finiteCount === 0 || threshold < (magnitudes[0] ?? 0)) return 0;
  if (threshold >= largestMagnitude(table)) return finiteCount;
  if (threshold === 0) return zeros;
  const step = lastStepAtMost(magnitudes, threshold);
  const from = magnitudes[step] ?? 0;
  const to = magnitudes[step + 1] ?? from;
  const share = (step + (threshold - from) / (to - from)) / MAGNITUDE_STEPS;
  return Math.max(zeros, 1 + share * (finiteCount - 1));
}

/** {@link rankOf} as a whole number of elements. */
export function countAtMost(table: MagnitudeTable, threshold: number): number {
  // The element at a step belongs to it; the sum that says so may fall short by a rounding error.
  return Math.min(table.finiteCount, Math.floor(rankOf(table, threshold) + 1e-9));
}

/** The threshold at which about `count` elements go; null for none. Inverse of {@link rankOf}. */
export function magnitudeOfRank(table: MagnitudeTable, count: number): number | null {
  if (count <= 0 || table.finiteCount === 0) return null;
  if (count <= table.zeros) return 0;
  if (count >= table.finiteCount) return largestMagnitude(table);
  const position = ((count - 1) / (table.finiteCount - 1)) * MAGNITUDE_STEPS;
  const step = Math.min(MAGNITUDE_STEPS - 1, Math.floor(position));
  const from = table.magnitudes[step] ?? 0;
  const to = table.magnitudes[step + 1] ?? from;
  return from + (to - from) * (position - step);
}

/** Binary search: the last step whose magnitude is at most `threshold`; the first one is. */
function lastStepAtMost(magnitudes: ArrayLike<number>, threshold: number): number {
  let low = 0;
  let high = magnitudes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((magnitudes[middle] ?? 0) <= threshold) low = middle;
    else high = middle;
  }
  return low;
}
