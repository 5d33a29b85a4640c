import assert from 'node:assert/strict';
import { norm } from './gradientOracle';

/**
 * Below this share of an array's norm single precision tells nothing of an element: torch's own gradients in float32
 * differ by as much from those in float64. See gradientOracle.
 */
const ROUNDING = 1e-6;

/** That each number is the expected one within a relative tolerance, or within rounding of the array's norm. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.equal(found.length, expected.length, `${what}: size`);
  const wanted = Array.from(expected);
  const rounding = ROUNDING * norm(wanted);
  wanted.forEach((value, i) => {
    const difference = Math.abs((found[i] ?? NaN) - value);
    const allowed = Math.max(tolerance * Math.abs(value), rounding);
    assert.ok(difference <= allowed, `${what}: element ${i} is ${found[i]} for ${value}`);
  });
}
