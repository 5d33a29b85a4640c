import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast } from '../../../../../src/core/selection/allocation/atLeast';
import { sumOf } from '../../../../helpers/allocatedLayers';
import { seededRandom } from '../../../../helpers/random';

test('no count falls below its least, and the sum stays where that leaves room', () => {
  const random = seededRandom(61);
  for (let round = 0; round < 200; round++) {
    const counts = Array.from({ length: 6 }, () => Math.floor(8 * random()));
    const least = counts.map((count) => Math.max(0, count + Math.floor(4 * random()) - 2));
    const found = atLeast(counts, least);
    found.forEach((count, i) => assert.ok(count >= least[i]!));
    assert.equal(sumOf(found), Math.max(sumOf(counts), sumOf(least)));
  }
});

test('counts that are nowhere below their least stay as they are', () => {
  assert.deepEqual(atLeast([3, 0, 5], [3, 0, 4]), [3, 0, 5]);
});
