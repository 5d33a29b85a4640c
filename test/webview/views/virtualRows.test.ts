import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  movedIndex,
  ROW_HEIGHT,
  scrollToRow,
  visibleRows,
} from '../../../webview/views/virtualRows';

test('of ten thousand rows only those in sight are drawn, and all of those', () => {
  const { first, end } = visibleRows(10_000, 5000 * ROW_HEIGHT, 400);
  assert.ok(end - first < 50);
  assert.ok(first <= 5000 && end >= 5000 + Math.ceil(400 / ROW_HEIGHT));
});

test('a short list is drawn whole, also when it is scrolled too far', () => {
  assert.deepEqual(visibleRows(5, 0, 400), { first: 0, end: 5 });
  const { first, end } = visibleRows(5, 10_000, 400);
  assert.ok(first <= end && end === 5);
  assert.deepEqual(visibleRows(0, 0, 400), { first: 0, end: 0 });
});

test('the list scrolls no further than it takes to see a row', () => {
  assert.equal(scrollToRow(3, 0, 400), 0);
  assert.equal(scrollToRow(0, 100, 400), 0);
  assert.equal(scrollToRow(30, 0, 220), 31 * ROW_HEIGHT - 220);
});

test('keys move by one row, a page, or to an end', () => {
  const move = (key: string) => movedIndex(key, 20, 100, 10 * ROW_HEIGHT);
  assert.deepEqual(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'].map(move), [
    21,
    19,
    29,
    11,
    0,
    99,
    null,
  ]);
});

test('above the first row is the header, below the last nothing', () => {
  assert.equal(movedIndex('ArrowUp', 0, 5, 100), -1);
  assert.equal(movedIndex('ArrowDown', 4, 5, 100), 4);
});
