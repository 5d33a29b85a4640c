import * as l10n from '@vscode/l10n';
import { nothing, svg, type SVGTemplateResult } from 'lit-html';
import type { Bars } from '../../src/protocol/hostInspector';
import { countText, numberFieldText } from '../format/numbers';
import { barPath, pixel } from './barPath';
import { countAxis, HEADROOM } from './countAxis';
import { linearTicks } from './ticks';
import type { ValueScale } from './valueScale';

/** The large histogram of a tensor's values: axes, bars, and a bar of its own for exact zeros. */
export function valueHistogram(
  bars: Bars,
  scale: ValueScale,
  logarithmic: boolean,
): SVGTemplateResult {
  const peak = Math.max(1, ...bars.counts);
  return svg`
    ${countAxis(scale, peak, logarithmic)}
    ${valueAxis(scale)}
    ${zeroMark(bars, scale)}
    <path class="chart-kept" d=${path(bars, scale, logarithmic)}></path>`;
}

function path(bars: Bars, scale: ValueScale, logarithmic: boolean): string {
  const peak = Math.max(1, ...bars.counts);
  const height = (scale.baseline - scale.top) / HEADROOM;
  const isConstant = bars.from === bars.to;
  const layout = { baseline: scale.baseline, height, peak, logarithmic };
  if (isConstant) {
    // One value, one bar: where it stands says all.
    const total = bars.counts.reduce((sum, count) => sum + count, 0);
    const left = scale.x(bars.from) - CONSTANT_WIDTH / 2;
    return barPath([total], { ...layout, peak: total, left, width: CONSTANT_WIDTH, gap: 0 });
  }
  return barPath(bars.counts, {
    ...layout,
    left: scale.left,
    width: scale.right - scale.left,
    gap: 1,
  });
}

const CONSTANT_WIDTH = 5;

function valueAxis(scale: ValueScale): SVGTemplateResult[] {
  const count = Math.max(3, Math.round((scale.right - scale.left) / 64));
  return linearTicks(scale.from, scale.to, count).map((value) => {
    const x = pixel(scale.x(value));
    return svg`<path d="M${x} ${scale.baseline}v4" class="chart-axis"></path>
      <text x=${x} y=${scale.baseline + 15} text-anchor="middle">${numberFieldText(value, 3)}</text>`;
  });
}

/** Where the range holds zero it is marked; exact zeros that are in no bin have a bar there. */
function zeroMark({ zeros }: Bars, scale: ValueScale): SVGTemplateResult | typeof nothing {
  if (scale.from > 0 || scale.to < 0) return nothing;
  const x = pixel(scale.x(0));
  if (zeros === 0) {
    return svg`<path d="M${x} ${scale.top}V${scale.baseline}" class="chart-zero"></path>`;
  }
  const top = scale.top - ZERO_BAR_ABOVE;
  const isRight = x > (scale.left + scale.right) * 0.75;
  const text = zeros === 1 ? l10n.t('1 zero') : l10n.t('{0} zeros', countText(zeros));
  return svg`<rect class="chart-zeros" x=${x - 1.5} y=${top} width="3" height=${scale.baseline - top}></rect>
    <text class="chart-strong" x=${isRight ? x - 6 : x + 6} y=${top + 8}
      text-anchor=${isRight ? 'end' : 'start'}>${text}</text>`;
}

/** The bar of the zeros stands out above the plot, because it is on no scale. */
const ZERO_BAR_ABOVE = 12;
