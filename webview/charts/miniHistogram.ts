import { svg, type SVGTemplateResult } from 'lit-html';
import type { Distribution } from '../../src/core/statistics/tensorStatistics';
import { barPath, pixel } from './barPath';
import { rebin } from '../../src/core/statistics/rebin';
import { thresholdBand } from './thresholdBand';

const WIDTH = 104;
const HEIGHT = 16;
const BINS = 52;

/** A histogram for a row of the list; the shape of one tensor never changes, so it is drawn once. */
const paths = new WeakMap<Distribution, string>();

/** What the histogram of a row draws. */
export interface MiniHistogram {
  /** Unique among the rows drawn: it names the clipping path. */
  readonly id: string;
  readonly distribution: Distribution;
  /** Weights up to this |w| go; null where the layer is not pruned by the plan. */
  readonly threshold: number | null;
  /** Drawn without a threshold and in grey: locked, excluded. */
  readonly off: boolean;
}

/** The distribution in a row: kept weights, the pruned band between the lines at ±τ. */
export function miniHistogram(mini: MiniHistogram): SVGTemplateResult {
  const path = pathOf(mini.distribution);
  if (mini.off) return svg`<path d=${path} class="chart-pruned"></path>`;
  if (mini.threshold === null) return svg`<path d=${path} class="chart-kept"></path>`;
  const { from, to } = thresholdBand(mini.threshold, mini.distribution.limit, WIDTH);
  const kept = `M-1 -1H${from}V${HEIGHT + 1}H-1zM${to} -1H${WIDTH + 1}V${HEIGHT + 1}H${to}z`;
  return svg`
    <clipPath id=${mini.id}><path d=${kept}></path></clipPath>
    <rect class="chart-band" x=${from} y="0" width=${pixel(to - from)} height=${HEIGHT}></rect>
    <path d=${path} class="chart-pruned"></path>
    <path d=${path} class="chart-kept" clip-path="url(#${mini.id})"></path>
    <path class="chart-threshold" d="M${from} 0V${HEIGHT}M${to} 0V${HEIGHT}"></path>`;
}

function pathOf(distribution: Distribution): string {
  let path = paths.get(distribution);
  if (path === undefined) {
    const counts = rebin(distribution.bins, BINS);
    const layout = { left: 0, baseline: HEIGHT, width: WIDTH, height: HEIGHT - 1, gap: 0 };
    path = barPath(counts, { ...layout, peak: Math.max(...counts), logarithmic: false });
    paths.set(distribution, path);
  }
  return path;
}
