import { rebin } from '../../core/statistics/rebin';
import type { Histogram } from '../../core/statistics/tensorStatistics';
import type { Bars, TensorDetail, TensorFigures } from '../../protocol/hostInspector';
import type { TensorStatisticsView } from '../../protocol/views';

/** Bars of a row's histogram; both divide the bins that they are summed from. */
const ROW_BARS = { distribution: 52, histogram: 32 } as const;
const DETAIL_BARS = { distribution: 92, histogram: 64 } as const;

/** What a row of the table shows of a tensor's statistics. */
export function tensorFigures(tensor: number, view: TensorStatisticsView): TensorFigures {
  const { min, max, mean, std, zeros, nonFinite } = view.statistics;
  const bars = barsOf(view, ROW_BARS);
  const { constantUnits } = view;
  return { tensor, min, max, mean, std, zeros, nonFinite, bars, constantUnits };
}

/** All that the detail shows of a tensor's statistics. */
export function tensorDetail(tensor: number, view: TensorStatisticsView): TensorDetail {
  const { count, min, max, mean, std, zeros, nonFinite, l1, l2 } = view.statistics;
  return {
    tensor,
    statistics: { count, min, max, mean, std, zeros, nonFinite, l1, l2 },
    bars: barsOf(view, DETAIL_BARS),
    medianMagnitude: view.distribution?.medianMagnitude ?? null,
  };
}

/** Weights about zero without their outliers; all else from its least to its largest value. */
function barsOf(
  { statistics, distribution }: TensorStatisticsView,
  count: { readonly distribution: number; readonly histogram: number },
): Bars {
  if (distribution === null) return histogramBars(statistics.histogram, count.histogram);
  const { limit, bins, zeros } = distribution;
  return { from: -limit, to: limit, counts: rebin(bins, count.distribution), zeros };
}

function histogramBars({ edges, counts }: Histogram, count: number): Bars {
  const [from] = edges;
  if (from === undefined) return { from: 0, to: 0, counts: [], zeros: 0 };
  return { from, to: edges.at(-1) ?? from, counts: rebin(counts, count), zeros: 0 };
}
