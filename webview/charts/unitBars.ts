import { nothing, svg, type SVGTemplateResult } from 'lit-html';
import { pixel } from './barPath';
import { countTicks, linearTicks } from './ticks';

/** One unit as a bar. */
export interface UnitBar {
  readonly unit: number;
  readonly score: number | null;
  readonly isPruned: boolean;
}

/** What a chart of unit scores draws. */
export interface UnitBars {
  readonly width: number;
  readonly height: number;
  /** From left to right. */
  readonly bars: readonly UnitBar[];
  /** The largest score that goes; null where none does. */
  readonly threshold: number | null;
  /** The bars stand in the order of the units, so that their places can be named. */
  readonly inOrder: boolean;
  readonly scoreText: (score: number) => string;
  readonly countText: (count: number) => string;
}

const MARGIN = { left: 64, right: 14, top: 14, bottom: 20 };
/** Below this there is no room for axes; the chart keeps its proportions instead. */
const LEAST_PLOT = 40;
/** Narrower bars touch each other. */
const LEAST_GAPPED = 3;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly foot: number;
  readonly low: number;
  readonly high: number;
}

/** A bar for each unit, as high as its score (downwards below 0), with the threshold across. */
export function unitBars(chart: UnitBars): SVGTemplateResult {
  const frame = frameOf(chart);
  const { threshold } = chart;
  const at = threshold === null ? 0 : pixel(y(frame, threshold));
  return svg`
    ${scoreAxis(frame, chart)}
    <path d=${barsPath(frame, chart, false)} class="chart-kept"></path>
    <path d=${barsPath(frame, chart, true)} class="chart-pruned"></path>
    ${
      threshold === null
        ? nothing
        : svg`<path class="chart-threshold" d="M${frame.left} ${at}H${frame.right}"></path>`
    }
    ${unitAxis(frame, chart)}`;
}

function frameOf({ width, height, bars }: UnitBars): Frame {
  let [low, high] = [0, 0];
  for (const { score } of bars) {
    low = Math.min(low, score ?? 0);
    high = Math.max(high, score ?? 0);
  }
  const [left, top] = [MARGIN.left, MARGIN.top];
  return {
    left,
    top,
    right: Math.max(left + LEAST_PLOT, width - MARGIN.right),
    foot: Math.max(top + LEAST_PLOT, height - MARGIN.bottom),
    low,
    high: high > low ? high : low + 1,
  };
}

function y({ top, foot, low, high }: Frame, score: number): number {
  return foot - ((score - low) / (high - low)) * (foot - top);
}

function scoreAxis(frame: Frame, { scoreText }: UnitBars): SVGTemplateResult[] {
  const count = Math.max(2, Math.round((frame.foot - frame.top) / 48));
  return linearTicks(frame.low, frame.high, count).map((score) => {
    const line = pixel(y(frame, score));
    return svg`<path d="M${frame.left} ${line}H${frame.right}" class=${score === 0 ? 'chart-axis' : 'chart-grid'}></path>
      <text x=${frame.left - 6} y=${line + 4} text-anchor="end">${scoreText(score)}</text>`;
  });
}

/** Places are named from 0, as the units are. */
function unitAxis(frame: Frame, { bars, inOrder, countText }: UnitBars): SVGTemplateResult[] {
  if (!inOrder || bars.length === 0) return [];
  const room = Math.max(2, Math.round((frame.right - frame.left) / 64));
  const step = (frame.right - frame.left) / bars.length;
  return countTicks(bars.length - 1, room).map((place) => {
    const x = pixel(frame.left + (place + 0.5) * step);
    return svg`<path d="M${x} ${frame.foot}v4" class="chart-axis"></path>
      <text x=${x} y=${frame.foot + 15} text-anchor="middle">${countText(bars[place]?.unit ?? place)}</text>`;
  });
}

/** Every bar is at least a pixel tall: a unit with score 0 is there, too. */
function barsPath(frame: Frame, { bars }: UnitBars, pruned: boolean): string {
  const step = (frame.right - frame.left) / bars.length;
  const width = pixel(Math.max(0.4, step - (step >= LEAST_GAPPED ? 1 : 0)));
  const zero = y(frame, 0);
  let path = '';
  bars.forEach(({ score, isPruned }, place) => {
    if (score === null || isPruned !== pruned) return;
    const height = zero - y(frame, score);
    const tall = pixel(Math.abs(height) < 1 ? 1 : height);
    const x = pixel(frame.left + place * step);
    path += `M${x} ${pixel(zero)}v${-tall}h${width}v${tall}z`;
  });
  return path;
}
