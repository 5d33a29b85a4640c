import assert from 'node:assert/strict';
import type { DenseArray } from '../../src/core/graph/executor';

/**
 * The largest |found - expected| over max(1, max |expected|). Infinities of one sign, and NaN where NaN is
 * expected, do not differ; any other NaN makes the whole difference NaN, which keeps no tolerance.
 */
export function relativeDifference(found: DenseArray, expected: DenseArray): number {
  assert.equal(found.values.length, expected.values.length);
  let difference = 0;
  let scale = 1;
  for (const [i, wanted] of expected.values.entries()) {
    const value = found.values[i] ?? NaN;
    // Of both, Math.max keeps NaN, which a comparison would lose again.
    if (!Object.is(value, wanted) && value !== wanted) {
      difference = Math.max(difference, Math.abs(value - wanted));
    }
    if (Number.isFinite(wanted)) scale = Math.max(scale, Math.abs(wanted));
  }
  return difference / scale;
}

/**
 * Each output that is not the expected one in words: its shape is another, or it differs by more than
 * `tolerance` (see {@link relativeDifference}). None when all are right.
 */
export function wrongOutputs(
  found: readonly (DenseArray & { readonly name: string })[],
  expected: readonly DenseArray[],
  tolerance: number,
): readonly string[] {
  assert.equal(found.length, expected.length, 'number of outputs');
  return found.flatMap((output, i) => {
    const wanted = expected[i]!;
    const name = `output ${i} (${output.name})`;
    if (output.shape.join() !== wanted.shape.join()) {
      return [`${name}: shape [${output.shape.join()}], not [${wanted.shape.join()}]`];
    }
    const difference = relativeDifference(output, wanted);
    return difference <= tolerance ? [] : [`${name}: differs by ${difference}`];
  });
}
