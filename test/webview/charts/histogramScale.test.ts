import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramScale } from '../../../webview/charts/histogramScale';

const scale = histogramScale({ width: 408, height: 242, limit: 0.5 });

test('zero stands in the middle and the limits at the edges', () => {
  assert.equal(scale.x(0), (scale.left + scale.right) / 2);
  assert.equal(scale.x(-0.5), scale.left);
  assert.equal(scale.x(0.5), scale.right);
});

test('what lies beyond the range stands at its edge', () => {
  assert.equal(scale.x(7), scale.right);
  assert.equal(scale.weight(-100), -0.5);
});

test('a pixel leads to a weight and back', () => {
  for (const x of [scale.left, 120, 200.5, scale.right]) {
    assert.ok(Math.abs(scale.x(scale.weight(x)) - x) < 1e-9);
  }
});

test('a moved pixel is a moved weight of the stated size', () => {
  assert.ok(Math.abs(scale.weight(201) - scale.weight(200) - scale.weightPerPixel) < 1e-12);
});

test('a chart too small for its axes still has a plot', () => {
  const tiny = histogramScale({ width: 20, height: 10, limit: 0 });
  assert.ok(tiny.right > tiny.left && tiny.baseline > tiny.top);
  assert.ok(Number.isFinite(tiny.x(0)));
});
