import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, shuffledIndices, xoshiro128 } from '../../../src/core/random';

test('gives the stream of the reference implementation of xoshiro128**', () => {
  const next = xoshiro128([1, 2, 3, 4]);
  const drawn = Array.from({ length: 8 }, next);
  // The test vector that implementations of xoshiro128** share, for the state 1, 2, 3, 4.
  const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
  assert.deepEqual(drawn, expected);
});

test('draws each number below the limit about equally often', () => {
  const random = createRandom(7);
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[random.below(6)]! += 1;
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, String(counts));
});

test('shuffles every index exactly once, the same for the same seed', () => {
  const first = shuffledIndices(1000, createRandom(3));
  assert.deepEqual(
    first.toSorted(),
    Uint32Array.from({ length: 1000 }, (_, i) => i),
  );
  assert.deepEqual(shuffledIndices(1000, createRandom(3)), first);
  assert.notDeepEqual(shuffledIndices(1000, createRandom(4)), first);
});
