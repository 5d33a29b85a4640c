/** Where points of curves stand, in pixels. */
export interface CurveScale {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly baseline: number;
  /** The values at the foot and at the top. */
  readonly low: number;
  readonly high: number;
  /** The first and the last share on the axis. */
  readonly from: number;
  readonly to: number;
  /** The x of a share. */
  x(share: number): number;
  /** The y of a value; what lies beyond the range stands at its edge. */
  y(value: number): number;
}

/** What a chart of curves has to show, and in how much room. */
export interface CurveFrame {
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  /** Room for the names of the curves at their ends. */
  readonly labelWidth: number;
}

const MARGIN = { left: 48, right: 14, top: 12, bottom: 36 };
/** Below this there is no room for axes; the chart keeps its proportions instead. */
const LEAST_PLOT = 60;

/** The scale of a chart of curves: values at the left, shares below, names at the right. */
export function curveScale(frame: CurveFrame): CurveScale {
  const { low, from } = frame;
  const high = frame.high > low ? frame.high : low + 1;
  const to = frame.to > from ? frame.to : from + 0.1;
  const left = MARGIN.left;
  const right = Math.max(left + LEAST_PLOT, frame.width - MARGIN.right - frame.labelWidth);
  const top = MARGIN.top;
  const baseline = Math.max(top + LEAST_PLOT, frame.height - MARGIN.bottom);
  const clamp = (value: number) => Math.min(high, Math.max(low, value));
  return {
    left,
    right,
    top,
    baseline,
    low,
    high,
    from,
    to,
    x: (share) => left + ((share - from) / (to - from)) * (right - left),
    y: (value) => baseline - ((clamp(value) - low) / (high - low)) * (baseline - top),
  };
}

/** A step that accuracies are read in. */
const SHARE_STEP = 0.1;

/** The range of an axis of shares: whole tenths around the values, not beyond 0 and 1. */
export function shareRange(values: readonly number[]): { low: number; high: number } {
  const low = Math.floor(Math.min(1, ...values) / SHARE_STEP + 1e-9) * SHARE_STEP;
  const high = Math.ceil(Math.max(0, ...values) / SHARE_STEP - 1e-9) * SHARE_STEP;
  return { low: Math.max(0, Math.min(low, high - SHARE_STEP)), high: Math.min(1, high) };
}

/** The range of an axis of losses: from 0 to a little above the highest. */
export function lossRange(values: readonly number[]): { low: number; high: number } {
  const most = Math.max(0, ...values.filter(Number.isFinite));
  return { low: 0, high: most === 0 ? 1 : most * 1.05 };
}
