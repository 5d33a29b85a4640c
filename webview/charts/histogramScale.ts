/** The size of the large histogram in pixels, and what it shows. */
export interface HistogramFrame {
  readonly width: number;
  readonly height: number;
  /** Drawn from -limit to +limit. */
  readonly limit: number;
}

/** Where values stand in the large histogram, in pixels. */
export interface HistogramScale {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly baseline: number;
  /** The x of a weight; what lies beyond the range stands at its edge. */
  x(weight: number): number;
  /** The weight at an x, within the range. */
  weight(x: number): number;
  /** The y of a share, 0 at the foot and 1 at the top. */
  y(share: number): number;
  /** How much |w| one pixel is. */
  readonly weightPerPixel: number;
}

const MARGIN = { left: 44, right: 46, top: 26, bottom: 20 };
/** Below this there is no room for axes; the chart keeps its proportions instead. */
const LEAST_PLOT = 40;

/** The scale of the large histogram: room for counts at the left, shares at the right, the grip above. */
export function histogramScale(frame: HistogramFrame): HistogramScale {
  const limit = frame.limit > 0 ? frame.limit : 1;
  const left = MARGIN.left;
  const right = Math.max(left + LEAST_PLOT, frame.width - MARGIN.right);
  const top = MARGIN.top;
  const baseline = Math.max(top + LEAST_PLOT, frame.height - MARGIN.bottom);
  const clamp = (value: number) => Math.min(limit, Math.max(-limit, value));
  const weightPerPixel = (2 * limit) / (right - left);
  return {
    left,
    right,
    top,
    baseline,
    weightPerPixel,
    x: (weight) => left + (clamp(weight) + limit) / weightPerPixel,
    weight: (x) => clamp((x - left) * weightPerPixel - limit),
    y: (share) => baseline - share * (baseline - top),
  };
}
