import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countAtMost,
  magnitudeOfRank,
  magnitudeTableOf,
  type MagnitudeTable,
} from '../../../webview/prediction/magnitudeTable';
import { evenStatistics } from '../panelFixtures';

function evenTable(): MagnitudeTable {
  const table = magnitudeTableOf(1000, evenStatistics('w', 1));
  assert.ok(table);
  return table;
}

test('a threshold between two steps counts by its share of the step', () => {
  assert.equal(countAtMost(evenTable(), 0.5), 500);
  assert.equal(countAtMost(evenTable(), 0.8005), 800);
});

test('a threshold beyond the largest weight takes all, one below the smallest none', () => {
  assert.equal(countAtMost(evenTable(), 2), 1000);
  assert.equal(countAtMost(evenTable(), 0.0005), 0);
});

test('the threshold of a count takes that count', () => {
  const table = evenTable();
  for (const count of [1, 10, 500, 999, 1000]) {
    assert.equal(countAtMost(table, magnitudeOfRank(table, count) ?? 0), count);
  }
  assert.equal(magnitudeOfRank(table, 0), null);
});

test('exact zeros go at a threshold of zero', () => {
  const view = evenStatistics('w', 1);
  const magnitudes = view.distribution?.magnitudes.map((value) => (value < 0.3 ? 0 : value)) ?? [];
  const table = { elementCount: 1000, finiteCount: 1000, zeros: 299, magnitudes };
  assert.equal(countAtMost(table, 0), 299);
  assert.equal(magnitudeOfRank(table, 100), 0);
});

test('weights that are not finite are counted, but never taken', () => {
  const view = evenStatistics('w', 1);
  const table = magnitudeTableOf(1010, {
    ...view,
    statistics: { ...view.statistics, count: 1010, nonFinite: 10 },
  });
  assert.ok(table);
  assert.equal(table.elementCount, 1010);
  assert.equal(countAtMost(table, 5), 1000);
});

test('there is no table before the statistics', () => {
  assert.equal(magnitudeTableOf(1000, undefined), null);
});
