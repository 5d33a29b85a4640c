import { svg, type SVGTemplateResult } from 'lit-html';
import { countText } from '../format/numbers';
import { barShare, pixel } from './barPath';
import { countTicks, logTicks } from './ticks';

/** Where a chart of counts stands, in pixels. */
export interface CountFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly baseline: number;
  /** The y of a share, 0 at the foot and 1 at the top. */
  y(share: number): number;
}

/** The tallest bar ends a little below the top, so that a curve can be told from it. */
export const HEADROOM = 1.02;

/** The axis of counts at the left, with its lines. */
export function countAxis(
  scale: CountFrame,
  peak: number,
  logarithmic: boolean,
): SVGTemplateResult[] {
  const room = Math.max(2, Math.round((scale.baseline - scale.top) / 64));
  const ticks = logarithmic ? logTicks(peak, room + 1) : countTicks(peak, room);
  return ticks.map((count) => {
    const y = pixel(scale.y(barShare(count, peak, logarithmic) / HEADROOM));
    const line = `M${scale.left} ${count === 0 ? y + 0.5 : y}H${scale.right}`;
    return svg`<path d=${line} class=${count === 0 ? 'chart-axis' : 'chart-grid'}></path>
      <text x=${scale.left - 6} y=${y + 4} text-anchor="end">${countText(count)}</text>`;
  });
}
