import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widenInPlace } from '../../../../src/core/kernels/finiteRangeKernel';

test('a range is widened by finite values alone, over chunks of either precision', () => {
  const range = { min: Infinity, max: -Infinity };
  widenInPlace(range, Float32Array.from([NaN, Infinity, -Infinity]));
  assert.deepEqual(range, { min: Infinity, max: -Infinity });
  widenInPlace(range, Float32Array.from([NaN, 2, Infinity, -0.5]));
  assert.deepEqual(range, { min: -0.5, max: 2 });
  widenInPlace(range, Float64Array.from([-Infinity, Number.MAX_VALUE, 1]));
  assert.deepEqual(range, { min: -0.5, max: Number.MAX_VALUE });
});
