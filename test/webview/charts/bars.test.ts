import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISTRIBUTION_BINS } from '../../../src/core/statistics/tensorStatistics';
import { barPath, barShare, type BarLayout } from '../../../webview/charts/barPath';
import { rebin } from '../../../src/core/statistics/rebin';
import { thresholdBand } from '../../../webview/charts/thresholdBand';

const LAYOUT: BarLayout = {
  left: 10,
  baseline: 100,
  width: 40,
  height: 90,
  gap: 1,
  peak: 100,
  logarithmic: false,
};

test('bins are summed to fewer without losing one', () => {
  const bins = Array.from({ length: DISTRIBUTION_BINS }, (_, index) => index % 7);
  const total = bins.reduce((sum, count) => sum + count, 0);
  for (const count of [52, 92, 26]) {
    const few = rebin(bins, count);
    assert.equal(few.length, count);
    assert.equal(
      few.reduce((sum, bin) => sum + bin, 0),
      total,
    );
  }
});

test('a bar is as tall as its count, and what is there at all is seen', () => {
  const path = barPath([100, 50, 0.1, 0], LAYOUT);
  assert.equal(path, 'M10 100v-90h9v90zM20 100v-45h9v45zM30 100v-1h9v1z');
});

test('a logarithmic bar has height at one and is full at the peak', () => {
  assert.equal(barShare(100, 100, true), 1);
  assert.ok(barShare(1, 100, true) > 0.1);
  assert.equal(barShare(0, 100, true), 0);
});

test('an empty histogram has no bars to divide by', () => {
  assert.equal(barShare(0, 0, false), 0);
});

test('the pruned band is symmetric about zero and stays within the chart', () => {
  assert.deepEqual(thresholdBand(0.5, 1, 104), { from: 26, to: 78 });
  assert.deepEqual(thresholdBand(3, 1, 104), { from: 0, to: 104 });
  assert.deepEqual(thresholdBand(0, 0, 104), { from: 52, to: 52 });
});
