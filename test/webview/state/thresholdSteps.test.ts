import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countAtMost, magnitudeTableOf } from '../../../webview/prediction/magnitudeTable';
import { draggedThreshold, steppedThreshold } from '../../../webview/state/thresholdSteps';
import { evenStatistics } from '../panelFixtures';

const table = magnitudeTableOf(1000, evenStatistics('w', 1));
assert.ok(table);
const step = (key: string, threshold: number, shiftKey = false) =>
  steppedThreshold({ key, shiftKey }, threshold, table, 0.01);

test('an arrow moves by a pixel, with shift by ten', () => {
  assert.equal(step('ArrowRight', 0.5), 0.51);
  assert.equal(step('ArrowLeft', 0.5, true), 0.4);
});

test('a page key moves by five percent of the weights', () => {
  const up = step('PageUp', 0.5) ?? 0;
  assert.ok(Math.abs(countAtMost(table, up) - 550) <= 1);
  const down = step('PageDown', 0.5) ?? 0;
  assert.ok(Math.abs(countAtMost(table, down) - 450) <= 1);
});

test('a threshold stays between none and the largest weight', () => {
  assert.equal(step('ArrowLeft', 0), 0);
  assert.equal(step('ArrowRight', 1, true), 1);
  assert.equal(step('PageDown', 0.01), 0);
  assert.equal(step('Home', 0.5), 0);
  assert.equal(step('End', 0.5), 1);
});

test('other keys are not the threshold\u2019s', () => {
  assert.equal(step('Tab', 0.5), null);
});

test('both lines drag, and the edge of the chart means all weights', () => {
  assert.equal(draggedThreshold(-0.3, 0.9, table), 0.3);
  assert.equal(draggedThreshold(0.9, 0.9, table), 1);
});
