import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveScale, lossRange, shareRange } from '../../../webview/charts/curveScale';

test('an axis of shares has whole tenths around its values, within 0 and 1', () => {
  const { low, high } = shareRange([0.963, 0.71]);
  assert.ok(Math.abs(low - 0.7) < 1e-9 && high === 1);
  const flat = shareRange([1, 1]);
  assert.ok(Math.abs(flat.low - 0.9) < 1e-9 && flat.high === 1);
  assert.equal(shareRange([0, 0.02]).low, 0);
});

test('an axis of losses begins at 0 and does not break at values that are no numbers', () => {
  assert.deepEqual(lossRange([]), { low: 0, high: 1 });
  assert.ok(lossRange([2, Number.NaN, Infinity]).high >= 2);
});

test('values and shares stand inside the plot, those beyond at its edge', () => {
  const frame = { width: 600, height: 300, from: 0.5, to: 0.9, low: 0, high: 1, labelWidth: 100 };
  const scale = curveScale(frame);
  assert.equal(scale.x(0.5), scale.left);
  assert.equal(scale.x(0.9), scale.right);
  assert.equal(scale.y(0), scale.baseline);
  assert.equal(scale.y(7), scale.top);
  assert.ok(scale.right <= 500);
});

test('one sparsity and a chart without room still have a scale', () => {
  const frame = { width: 0, height: 0, from: 0.5, to: 0.5, low: 1, high: 1, labelWidth: 0 };
  const scale = curveScale(frame);
  assert.ok(Number.isFinite(scale.x(0.5)) && Number.isFinite(scale.y(1)));
});
