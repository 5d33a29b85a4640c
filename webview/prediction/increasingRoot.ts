/** An interval over which a function goes from below zero to above, with its values at both ends. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
  readonly atLow: number;
  readonly atHigh: number;
}

/** Close enough where the function counts weights: half of one. */
const TOLERANCE = 0.5;
/** Bisection alone would take about as many to tell two float32 numbers apart. */
const MOST_STEPS = 48;

/**
 * Where a function that never falls passes zero, to within {@link TOLERANCE} of its value. False
 * position, with the value of an end that stays halved (Illinois) so that a bend cannot hold it up:
 * about a quarter of the evaluations of a bisection, which count when each looks at every layer.
 */
export function increasingRoot(value: (x: number) => number, bracket: Bracket): number {
  let { low, high, atLow, atHigh } = bracket;
  let kept = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = low - (atLow * (high - low)) / (atHigh - atLow);
    const found = value(x);
    if (Math.abs(found) < TOLERANCE) return x;
    if (found < 0) {
      [low, atLow] = [x, found];
      if (kept < 0) atHigh /= 2;
      kept = -1;
    } else {
      [high, atHigh] = [x, found];
      if (kept > 0) atLow /= 2;
      kept = 1;
    }
  }
  return (low + high) / 2;
}
