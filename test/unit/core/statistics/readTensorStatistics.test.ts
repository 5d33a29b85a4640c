import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unattended } from '../../../../src/core/progress';
import {
  type MeasuredTensor,
  readTensorStatistics,
} from '../../../../src/core/statistics/readTensorStatistics';
import {
  DISTRIBUTION_BINS,
  MAGNITUDE_STEPS,
} from '../../../../src/core/statistics/tensorStatistics';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

async function measure(values: Float32Array | Float64Array): Promise<MeasuredTensor> {
  const dtype = values instanceof Float32Array ? 'float32' : 'float64';
  const model = memoryModel([{ name: 'w', shape: [values.length], dtype, bytes: bytesOf(values) }]);
  for await (const measured of readTensorStatistics(model, unattended)) return measured;
  throw new Error('no tensor');
}

/** Normally distributed values by Box and Muller. */
function normal(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

test('moments of several chunks equal those of a plain float64 loop', async () => {
  const values = normal(2_500_000, 1).map((value) => value + 1000);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const { statistics } = await measure(values);
  assert.ok(Math.abs(statistics!.mean! - mean) < 1e-9 * mean);
  assert.ok(Math.abs(statistics!.std! - Math.sqrt(variance)) < 1e-9);
});

test('the magnitude at a share is within a bin of the exact quantile', async () => {
  const values = normal(100_000, 2);
  const sorted = Float64Array.from(values, Math.abs).sort();
  const { distribution } = await measure(values);
  assert.equal(distribution!.magnitudes.length, MAGNITUDE_STEPS + 1);
  for (const [step, magnitude] of distribution!.magnitudes.entries()) {
    const exact =
      sorted[Math.min(sorted.length - 1, Math.floor((step / MAGNITUDE_STEPS) * sorted.length))]!;
    // Small shares fall into bins that hold few values: there the bin's own width counts.
    assert.ok(
      Math.abs(magnitude - exact) <= 0.008 * exact + 1e-3 * (step === 0 ? 1 : 0),
      `share ${step}: ${magnitude} for ${exact}`,
    );
  }
});

test('the bins and the zeros together count every finite value once', async () => {
  const values = normal(50_000, 3);
  for (let i = 0; i < values.length; i += 10) values[i] = i % 20 === 0 ? 0 : -0;
  values[1] = NaN;
  values[2] = Infinity;
  values[3] = -Infinity;
  const { distribution, statistics } = await measure(values);
  const inBins = distribution!.bins.reduce((sum, count) => sum + count, 0);
  assert.equal(distribution!.bins.length, DISTRIBUTION_BINS);
  assert.equal(distribution!.zeros, 5_000);
  assert.equal(inBins + distribution!.zeros, values.length - 3);
  assert.equal(statistics!.nonFinite, 3);
});

test('an exact histogram counts the upper edge in the last bin', async () => {
  const { statistics } = await measure(Float64Array.from([-1, -1, 0, 1]));
  const { counts, edges } = statistics!.histogram;
  assert.equal(counts[0], 2);
  assert.equal(counts.at(-1), 1);
  assert.equal(edges.at(-1), 1);
  assert.equal(edges.length, counts.length + 1);
});

test('a tensor without finite values has no mean and no distribution', async () => {
  const { statistics, distribution } = await measure(Float32Array.from([NaN, Infinity]));
  assert.equal(statistics!.mean, null);
  assert.equal(statistics!.min, null);
  assert.equal(distribution, null);
});

test('single values beyond the finite ones, and of one sign only, change nothing else', async () => {
  const values = normal(50_000, 2).map((value) => Math.abs(value) + 3);
  const finite = Array.from(values);
  const { statistics: plain } = await measure(values);
  for (const [place, value] of [NaN, Infinity, -Infinity].entries()) {
    values[20_000 + 8192 * place] = value;
    finite[20_000 + 8192 * place] = NaN;
  }
  const kept = finite.filter((value) => !Number.isNaN(value));
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const { statistics } = await measure(values);
  assert.equal(statistics!.nonFinite, 3);
  assert.equal(statistics!.min, Math.min(...kept));
  assert.equal(statistics!.max, Math.max(...kept));
  assert.ok(Math.abs(statistics!.mean! - mean) < 1e-12 * mean);
  assert.ok(Math.abs(plain!.std! - statistics!.std!) < 1e-3);
});

test('zeros of both signs are counted, numbers too small for a float32 are not', async () => {
  const floats = Float32Array.from([0, -0, 1e-45, -1e-45, 1, 2, 3, 4, 0]);
  assert.equal((await measure(floats)).statistics!.zeros, 3);
  const doubles = Float64Array.from([0, -0, 1e-300, 5e-324]);
  assert.equal((await measure(doubles)).statistics!.zeros, 2);
});
