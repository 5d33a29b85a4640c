import * as l10n from '@vscode/l10n';
import { svg, nothing, type SVGTemplateResult } from 'lit-html';
import type { Distribution } from '../../src/core/statistics/tensorStatistics';
import { countText, numberFieldText } from '../format/numbers';
import { barPath, pixel } from './barPath';
import { countAxis, HEADROOM } from './countAxis';
import type { HistogramScale } from './histogramScale';
import { rebin } from '../../src/core/statistics/rebin';
import { shareAt, shareCurvePath } from './shareCurve';
import { linearTicks } from './ticks';

/** Bars of the large histogram. */
export const HISTOGRAM_BINS = 92;

/** What the large histogram draws. */
export interface Histogram {
  readonly distribution: Distribution;
  readonly scale: HistogramScale;
  /** Weights up to this |w| go; null where none goes. */
  readonly threshold: number | null;
  /** The threshold of the layers without a target of their own, drawn dotted where it differs. */
  readonly planThreshold: number | null;
  readonly logarithmic: boolean;
  /** It is |w| that decides, so that the threshold has a place among the weights. */
  readonly hasThreshold: boolean;
  /** In grey and without lines: the layer is not pruned. */
  readonly off: boolean;
}

/** The large histogram of signed weights: axes, bars, pruned band, cumulative curve, thresholds. */
export function histogram(chart: Histogram): SVGTemplateResult {
  const { scale, distribution } = chart;
  const counts = rebin(distribution.bins, HISTOGRAM_BINS);
  const peak = Math.max(1, ...counts);
  const path = barPath(counts, {
    left: scale.left,
    baseline: scale.baseline,
    width: scale.right - scale.left,
    height: (scale.baseline - scale.top) / HEADROOM,
    gap: 1,
    peak,
    logarithmic: chart.logarithmic,
  });
  return svg`
    ${patterns(chart)}
    ${countAxis(scale, peak, chart.logarithmic)}
    ${weightAxis(scale, distribution.limit)}
    ${bars(chart, path)}
    ${zeroMark(scale, distribution.zeros)}
    ${shareAxis(scale)}
    <path class="chart-share" d=${shareCurvePath(distribution.magnitudes, distribution.limit, scale)}></path>
    ${thresholdLines(chart)}`;
}

function patterns(chart: Histogram): SVGTemplateResult {
  const { scale, threshold } = chart;
  const from = pixel(scale.x(-(threshold ?? 0)));
  const to = pixel(scale.x(threshold ?? 0));
  const foot = scale.baseline + 1;
  const kept = `M${scale.left - 1} 0H${from}V${foot}H${scale.left - 1}z`;
  const keptRight = `M${to} 0H${scale.right + 1}V${foot}H${to}z`;
  return svg`<defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M0 0V6" class="chart-hatch"></path>
    </pattern>
    <clipPath id="kept"><path d="${kept}${keptRight}"></path></clipPath>
  </defs>`;
}

function weightAxis(scale: HistogramScale, limit: number): SVGTemplateResult[] {
  const count = Math.max(3, Math.round((scale.right - scale.left) / 64));
  return linearTicks(-limit, limit, count).map((weight) => {
    const x = pixel(scale.x(weight));
    return svg`<path d="M${x} ${scale.baseline}v4" class="chart-axis"></path>
      <text x=${x} y=${scale.baseline + 15} text-anchor="middle">${numberFieldText(weight, 3)}</text>`;
  });
}

function shareAxis(scale: HistogramScale): SVGTemplateResult[] {
  const labels = ['0', '50', '100\u00a0%'];
  return labels.map(
    (label, index) =>
      svg`<text x=${scale.right + 6} y=${pixel(scale.y(index / 2)) + 4}>${label}</text>`,
  );
}

function bars(chart: Histogram, path: string): SVGTemplateResult {
  if (chart.off) return svg`<path d=${path} class="chart-pruned"></path>`;
  const { scale, threshold } = chart;
  if (threshold === null) return svg`<path d=${path} class="chart-kept"></path>`;
  const x = pixel(scale.x(-threshold));
  const width = pixel(scale.x(threshold) - scale.x(-threshold));
  const height = scale.baseline - scale.top;
  return svg`
    <rect class="chart-band" x=${x} y=${scale.top} width=${width} height=${height}></rect>
    <rect fill="url(#hatch)" x=${x} y=${scale.top} width=${width} height=${height}></rect>
    <path d=${path} class="chart-pruned"></path>
    <path d=${path} class="chart-kept" clip-path="url(#kept)"></path>`;
}

/** Exact zeros are in no bin, where they would flatten the rest: they get a bar with their number. */
function zeroMark(scale: HistogramScale, zeros: number): SVGTemplateResult {
  const x = pixel(scale.x(0));
  if (zeros === 0) {
    return svg`<path d="M${x} ${scale.top}V${scale.baseline}" class="chart-zero"></path>`;
  }
  const top = scale.top - ZERO_BAR_ABOVE;
  const height = scale.baseline - top;
  return svg`<rect class="chart-zeros" x=${x - 1.5} y=${top} width="3" height=${height}></rect>
    <text class="chart-strong" x=${x + 6} y=${scale.top - 6}>${zerosText(zeros)}</text>`;
}

/** The bar of the zeros stands out above the plot, because it is on no scale. */
const ZERO_BAR_ABOVE = 10;

function zerosText(zeros: number): string {
  return zeros === 1 ? l10n.t('1 zero') : l10n.t('{0} zeros', countText(zeros));
}

function thresholdLines(chart: Histogram): SVGTemplateResult | typeof nothing {
  if (chart.off || !chart.hasThreshold) return nothing;
  const { scale, planThreshold } = chart;
  const threshold = chart.threshold ?? 0;
  const from = pixel(scale.x(-threshold));
  const to = pixel(scale.x(threshold));
  const share = shareAt(chart.distribution.magnitudes, threshold);
  const foot = scale.baseline;
  const lines = `M${from} ${scale.top}V${foot}M${to} ${scale.top - 8}V${foot}`;
  const differs = planThreshold !== null && planThreshold !== threshold;
  return svg`
    ${differs ? planLines(scale, planThreshold) : nothing}
    <path class="chart-threshold wide" d=${lines}></path>
    <circle class="chart-point" cx=${to} cy=${pixel(scale.y(share))} r="3.5"></circle>`;
}

function planLines(scale: HistogramScale, threshold: number): SVGTemplateResult {
  const from = pixel(scale.x(-threshold));
  const to = pixel(scale.x(threshold));
  const lines = `M${from} ${scale.top}V${scale.baseline}M${to} ${scale.top}V${scale.baseline}`;
  return svg`<path class="chart-plan-threshold" d=${lines}></path>`;
}
