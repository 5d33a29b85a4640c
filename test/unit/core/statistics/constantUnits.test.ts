import assert from 'node:assert/strict';
import test from 'node:test';
import { ConstantUnitFinder } from '../../../../src/core/statistics/constantUnits';

/** Rows of four weights: random, all zero, all 0.5, zero but for the last. */
const ROWS = [
  [0.1, 0.2, 0.3, 0.4],
  [0, 0, 0, 0],
  [0.5, 0.5, 0.5, 0.5],
  [0, 0, 0, 1],
];
const EXPECTED = { unitCount: 4, zero: 1, constant: 2, examples: [1, 2] };

function find(values: readonly number[], inner: number, chunk: number): unknown {
  const finder = new ConstantUnitFinder({ inner, count: 4 });
  for (let at = 0; at < values.length; at += chunk) {
    finder.add(Float64Array.from(values.slice(at, at + chunk)), at);
  }
  return finder.result();
}

test('units along the first axis are runs of the file, wherever chunks cut them', () => {
  for (const chunk of [1, 2, 3, 4, 5, 7, 16])
    assert.deepEqual(find(ROWS.flat(), 4, chunk), EXPECTED);
});

test('units along the last axis come round again and again', () => {
  const columns = [0, 1, 2, 3].flatMap((row) => ROWS.map((unit) => unit[row] ?? 0));
  for (const chunk of [1, 2, 3, 4, 5, 7, 16]) assert.deepEqual(find(columns, 1, chunk), EXPECTED);
});

test('units along a middle axis are both', () => {
  const halves = [0, 2].flatMap((at) => ROWS.flatMap((unit) => unit.slice(at, at + 2)));
  for (const chunk of [1, 3, 4, 5, 16]) assert.deepEqual(find(halves, 2, chunk), EXPECTED);
});

test('a unit with a NaN is not constant, and one that was not seen is not either', () => {
  const finder = new ConstantUnitFinder({ inner: 2, count: 3 });
  finder.add(Float64Array.of(Number.NaN, Number.NaN, 1, 1), 0);
  assert.deepEqual(finder.result(), { unitCount: 3, zero: 0, constant: 1, examples: [1] });
});
