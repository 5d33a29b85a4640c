import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMN_GAP, columnsFor } from '../../../webview/inspector/views/columns';

test('columns go one by one as the table gets narrow, name and distribution last', () => {
  let before = 12;
  for (let width = 1400; width >= 200; width -= 10) {
    const columns = columnsFor(width);
    assert.ok(columns.length <= before, `${width} px`);
    before = columns.length;
    const ids = columns.map(({ id }) => id);
    assert.ok(ids.includes('name') && ids.includes('distribution'));
    if (ids.includes('max')) assert.ok(ids.includes('min'));
  }
  assert.equal(before, 2);
});

test('what is shown fits', () => {
  for (let width = 320; width <= 1400; width += 20) {
    const columns = columnsFor(width);
    const needed = columns.reduce((sum, column) => sum + column.width + COLUMN_GAP, 0);
    assert.ok(needed <= width, `${columns.length} columns in ${width} px need ${needed}`);
  }
});

test('at 400 pixels there is the size as well', () => {
  assert.deepEqual(
    columnsFor(400).map(({ id }) => id),
    ['name', 'elements', 'distribution'],
  );
});
