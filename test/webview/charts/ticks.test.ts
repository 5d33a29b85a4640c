import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTicks, linearTicks, logTicks, niceStep } from '../../../webview/charts/ticks';

test('a step is 1, 2 or 5 times a power of ten', () => {
  assert.deepEqual([niceStep(1000, 3), niceStep(0.25, 4), niceStep(7, 5)], [500, 0.05, 1]);
});

test('ticks are round, within the range, and zero has no sign', () => {
  assert.deepEqual(linearTicks(-0.12, 0.12, 5), [-0.1, -0.05, 0, 0.05, 0.1]);
  assert.ok(linearTicks(-1, 1, 4).every((tick) => !Object.is(tick, -0)));
});

test('ticks of an empty range are its one value', () => {
  assert.deepEqual(linearTicks(0, 0, 3), [0]);
});

test('logarithmic ticks are powers of ten, thinned out where there is no room', () => {
  assert.deepEqual(logTicks(1500, 4), [0, 1, 10, 100, 1000]);
  assert.deepEqual(logTicks(2e6, 4), [0, 1, 100, 10_000, 1_000_000]);
});

test('counts have whole ticks, however few there are', () => {
  assert.deepEqual(countTicks(1, 5), [0, 1]);
  assert.deepEqual(countTicks(5, 5), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(countTicks(1100, 3), [0, 500, 1000]);
});
