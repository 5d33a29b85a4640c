/**
 * The error function to about 1e-15: its power series up to |x| = 3, a continued fraction of its
 * complement beyond. Source: Abramowitz and Stegun, Handbook of mathematical functions, 7.1.5 and 7.1.14.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  const value = size <= 3 ? powerSeries(size) : 1 - complement(size);
  return x < 0 ? -value : value;
}

function powerSeries(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const FRACTION_DEPTH = 60;

function complement(x: number): number {
  let fraction = x;
  for (let n = FRACTION_DEPTH; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
