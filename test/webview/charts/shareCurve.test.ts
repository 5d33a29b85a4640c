import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramScale } from '../../../webview/charts/histogramScale';
import { shareAt, shareCurvePath } from '../../../webview/charts/shareCurve';
import { evenStatistics } from '../panelFixtures';

const magnitudes = evenStatistics('w', 1).distribution?.magnitudes ?? [];
const scale = histogramScale({ width: 408, height: 242, limit: 0.5 });

test('the share at a weight is the part of all weights that are no larger', () => {
  assert.ok(Math.abs(shareAt(magnitudes, 0.25) - 0.249) < 0.002);
  assert.equal(shareAt(magnitudes, 2), 1);
  assert.equal(shareAt(magnitudes, 0), 0);
});

test('the curve is symmetric, lowest in the middle and highest at the edges', () => {
  const points = shareCurvePath(magnitudes, 0.5, scale)
    .slice(1)
    .split('L')
    .map((point) => point.split(' ').map(Number) as [number, number]);
  const middle = (scale.left + scale.right) / 2;
  const lowest = points.reduce((low, point) => (point[1] > low[1] ? point : low));
  assert.ok(Math.abs(lowest[0] - middle) <= 1);
  assert.equal(points.at(0)?.[0], scale.left);
  assert.equal(points.at(-1)?.[0], scale.right);
  assert.deepEqual(points.at(0)?.slice(1), points.at(-1)?.slice(1));
});
