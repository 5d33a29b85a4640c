import assert from 'node:assert/strict';
import test from 'node:test';
import { distributionOfValues } from '../../../../src/core/statistics/distributionOfValues';
import { seededRandom } from '../../../helpers/random';

test('bins are signed, hold every finite value but zeros, and put outliers outermost', () => {
  const values = Float64Array.of(-2, -0.5, 0, 0, 0.5, 1, 2, Number.NaN, Infinity);
  const found = distributionOfValues(values);
  assert.ok(found);
  assert.equal(found.limit, 2);
  assert.equal(found.zeros, 2);
  assert.equal(
    found.bins.reduce((sum, count) => sum + count, 0),
    5,
  );
  assert.equal(found.bins[0], 1);
  assert.equal(found.bins.at(-1), 1);
});

test('the magnitudes are the quantiles of |w|, zeros included', () => {
  const random = seededRandom(3);
  const values = Float32Array.from({ length: 1000 }, () => (random() < 0.25 ? 0 : random() - 0.5));
  const found = distributionOfValues(values);
  const sorted = values.map(Math.abs).sort();
  assert.ok(found !== null);
  assert.equal(found.medianMagnitude, sorted[500]);
  assert.equal(found.magnitudes[64], sorted[250]);
  assert.equal(found.magnitudes.at(-1), sorted.at(-1));
});

test('what has no finite value has no distribution', () => {
  assert.equal(distributionOfValues(Float64Array.of(Number.NaN, -Infinity)), null);
  assert.equal(distributionOfValues(new Float32Array()), null);
});
