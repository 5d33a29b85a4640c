/**
 * The complementary error function, to about 14 digits of its own size.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 (series of positive terms) and
 * 7.1.14 (continued fraction).
 */
export function complementaryError(x: number): number {
  if (x < 0) return 2 - complementaryError(-x);
  return x < 2 ? 1 - errorBySeries(x) : complementByFraction(x);
}

function errorBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Enough terms for full precision from 2 on, where the fraction converges slowest. */
const FRACTION_TERMS = 120;

function complementByFraction(x: number): number {
  let tail = x;
  for (let k = FRACTION_TERMS; k > 0; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

/** The share of a standard normal distribution below z. */
export function normalShareBelow(z: number): number {
  return complementaryError(-z / Math.SQRT2) / 2;
}

/**
 * The z below which a share of a standard normal distribution lies; infinite for 0 and 1.
 * Source: Abramowitz and Stegun 26.2.23, made exact by Halley's method.
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  if (share > 0.5) return -normalQuantile(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = numerator / denominator - t;
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const error = (normalShareBelow(z) - share) / density;
    z -= error / (1 + (z * error) / 2);
  }
  return z;
}
