import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  crossEntropyOfClass,
  crossEntropyOfClassLogits,
  crossEntropyOfShareLogits,
  crossEntropyOfShares,
  indexOfLargest,
  logSumExp,
  squaredError,
  squaredErrorOfClass,
} from '../../../../src/core/evaluation/sampleMetrics';

const row = (...values: readonly number[]): Float64Array => Float64Array.from(values);

test('takes the first of several largest outputs, and none among NaN alone', () => {
  assert.equal(indexOfLargest(row(1, 3, 3)), 1);
  assert.equal(indexOfLargest(row(-Infinity, -Infinity)), 0);
  assert.equal(indexOfLargest(row(NaN, 2, NaN)), 1);
  assert.equal(indexOfLargest(row(NaN, NaN)), -1);
});

test('clips probabilities at 1e-7 before the logarithm', () => {
  assert.equal(crossEntropyOfClass(row(0, 1), 0), -Math.log(1e-7));
  assertNear(crossEntropyOfClass(row(0.25, 0.75), 0), Math.log(4));
});

test('reads a single probability as that of class 1', () => {
  assertNear(crossEntropyOfClass(row(0.8), 1), -Math.log(0.8));
  assertNear(crossEntropyOfClass(row(0.8), 0), -Math.log(0.2));
  assertNear(squaredErrorOfClass(row(0.8), 1), 0.04);
});

test('keeps log-softmax finite for large logits', () => {
  assertNear(logSumExp(row(1000, 1000)), 1000 + Math.LN2);
  assertNear(crossEntropyOfClassLogits(row(1000, 0), 1), 1000);
  assertNear(crossEntropyOfClassLogits(row(-1000), 1), 1000);
  assertNear(crossEntropyOfClassLogits(row(0.5), 0), Math.log1p(Math.exp(0.5)));
});

test('gives for certain shares what it gives for classes', () => {
  const logits = row(0.3, -1.2, 2);
  const sure = row(0, 0, 1);
  assertNear(crossEntropyOfShareLogits(logits, sure), crossEntropyOfClassLogits(logits, 2));
  const probabilities = row(0.2, 0.3, 0.5);
  assertNear(crossEntropyOfShares(probabilities, sure), crossEntropyOfClass(probabilities, 2));
  assertNear(crossEntropyOfShares(row(0.8), row(1)), crossEntropyOfClass(row(0.8), 1));
  assertNear(crossEntropyOfShareLogits(row(0.8), row(0)), crossEntropyOfClassLogits(row(0.8), 0));
});

test('averages squared differences over outputs, classes as one-hot', () => {
  assertNear(squaredErrorOfClass(row(0.5, 0.25, 0.25), 0), (0.25 + 0.0625 + 0.0625) / 3);
  assertNear(squaredError(row(1, 2), row(0, 4)), 2.5);
});

function assertNear(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-12, `${found}, expected ${expected}`);
}
