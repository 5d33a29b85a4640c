import assert from 'node:assert/strict';

/** Below this share of the largest of an array single precision tells nothing of an element. */
const ROUNDING = 1e-6;

/**
 * That each number is the expected one within a relative tolerance, or within rounding of the array's largest.
 * @returns the largest relative difference among the numbers above rounding
 */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): number {
  assert.equal(found.length, expected.length, `${what}: size`);
  const wanted = Array.from(expected);
  const largest = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let worst = 0;
  wanted.forEach((value, i) => {
    const difference = Math.abs((found[i] ?? NaN) - value);
    const allowed = Math.max(tolerance * Math.abs(value), ROUNDING * largest);
    assert.ok(difference <= allowed, `${what}: element ${i} is ${found[i]} for ${value}`);
    if (difference > ROUNDING * largest) worst = Math.max(worst, difference / Math.abs(value));
  });
  return worst;
}
