import type { CountFrame } from './countAxis';

/** Where values of a range stand in a chart of counts, in pixels. */
export interface ValueScale extends CountFrame {
  readonly from: number;
  readonly to: number;
  /** The x of a value. */
  x(value: number): number;
}

const MARGIN = { left: 48, right: 16, top: 22, bottom: 20 };
/** Below this there is no room for axes; the chart keeps its proportions instead. */
const LEAST_PLOT = 40;

/** The scale of a histogram from `from` to `to`: room for counts at the left, for values below. */
export function valueScale(
  frame: { readonly width: number; readonly height: number },
  from: number,
  to: number,
): ValueScale {
  const range = widened(from, to);
  const left = MARGIN.left;
  const right = Math.max(left + LEAST_PLOT, frame.width - MARGIN.right);
  const top = MARGIN.top;
  const baseline = Math.max(top + LEAST_PLOT, frame.height - MARGIN.bottom);
  const perPixel = (range.to - range.from) / (right - left);
  return {
    ...range,
    left,
    right,
    top,
    baseline,
    x: (value) => left + (value - range.from) / perPixel,
    y: (share) => baseline - share * (baseline - top),
  };
}

/** A constant tensor has no range of its own: its value stands in the middle of one. */
function widened(from: number, to: number): { readonly from: number; readonly to: number } {
  if (to > from) return { from, to };
  const half = from === 0 ? 1 : Math.abs(from) / 2;
  return { from: from - half, to: from + half };
}
