import assert from 'node:assert/strict';
import test from 'node:test';
import { partition } from '../../../../src/core/sweep/partition';

test('parts keep the order, none is empty or too large, and they differ by one at most', () => {
  for (let count = 0; count <= 40; count++) {
    const items = Array.from({ length: count }, (_, i) => i);
    for (const most of [1, 2, 3, 7, 25, 100]) {
      const parts = partition(items, most);
      const sizes = parts.map(({ length }) => length);
      assert.deepEqual(parts.flat(), items);
      assert.ok(sizes.every((size) => size >= 1 && size <= most));
      assert.ok(count === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1);
    }
  }
});
