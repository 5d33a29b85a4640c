import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskByteLength } from '../../../../src/core/kernels/maskKernels';
import { maskRowsInPlace, type RowMap } from '../../../../src/core/kernels/rowMaskKernel';
import { createRandom } from '../../../../src/core/random';

function flagsOf(scores: Float64Array, rows: RowMap, perRow: number): boolean[] {
  const mask = new Uint8Array(maskByteLength(scores.length));
  maskRowsInPlace(mask, scores, { ...rows, perRow });
  return Array.from(scores, (_, i) => ((mask[i >>> 3]! >>> (i & 7)) & 1) === 1);
}

/** Scores of which many are equal. */
function drawn(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.below(9));
}

test('each row loses its smallest scores, of equal ones the first, wherever its elements lie', () => {
  for (const rows of [
    { inner: 12, count: 5 },
    { inner: 1, count: 5 },
    { inner: 3, count: 5 },
  ]) {
    const scores = drawn(60, rows.inner);
    const flags = flagsOf(scores, rows, 5);
    for (let row = 0; row < rows.count; row++) {
      const own = [...scores.keys()].filter((i) => Math.floor(i / rows.inner) % rows.count === row);
      const sorted = own.toSorted((a, b) => scores[a]! - scores[b]! || a - b);
      assert.deepEqual(
        own.filter((i) => flags[i]),
        sorted.slice(0, 5).toSorted((a, b) => a - b),
      );
    }
  }
});

test('what is not finite stays, even where its row then loses fewer', () => {
  const scores = Float64Array.of(NaN, 1, Infinity, 2, 5, 6, 7, 8);
  assert.deepEqual(flagsOf(scores, { inner: 4, count: 2 }, 3), [
    false,
    true,
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
});
