import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DISTRIBUTION_BINS } from '../../../src/core/statistics/tensorStatistics';
import { histogramRows, TABLE_BINS } from '../../../webview/charts/histogramRows';

const distribution = {
  limit: 1.3,
  bins: Array.from({ length: DISTRIBUTION_BINS }, () => 1),
  zeros: 0,
  magnitudes: [],
  medianMagnitude: 0.6,
};

test('the table has the same weights as the chart, range by range', () => {
  const rows = histogramRows(distribution, null);
  assert.equal(rows.length, TABLE_BINS);
  assert.equal(rows[0]?.from, -1.3);
  assert.equal(rows.at(-1)?.to, 1.3);
  assert.equal(
    rows.reduce((sum, { count }) => sum + count, 0),
    DISTRIBUTION_BINS,
  );
});

test('zero is an edge, so no range holds weights of both signs', () => {
  assert.ok(histogramRows(distribution, null).every(({ from, to }) => from * to >= 0));
});

test('a range is pruned when all of it lies within the threshold', () => {
  const pruned = histogramRows(distribution, 0.25).filter(({ isPruned }) => isPruned);
  assert.deepEqual(
    pruned.map(({ from, to }) => [Number(from.toFixed(2)), Number(to.toFixed(2))]),
    [
      [-0.2, -0.1],
      [-0.1, 0],
      [0, 0.1],
      [0.1, 0.2],
    ],
  );
});
