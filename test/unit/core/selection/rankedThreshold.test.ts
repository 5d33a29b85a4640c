import assert from 'node:assert/strict';
import test from 'node:test';
import { GONE_KEY, orderedKey } from '../../../../src/core/kernels/orderedKeys';
import { rankedThreshold, scoreOfRanked } from '../../../../src/core/selection/rankedThreshold';
import { createRandom } from '../../../../src/core/random';

const signed = { signed: 'lowest-first' } as const;
const reversed = { signed: 'highest-first' } as const;

test('a signed threshold takes exactly the float32 scores that are at most as large', () => {
  const random = createRandom(3);
  const numbers = Array.from({ length: 400 }, () => {
    const size = 10 ** (random.below(60) - 30);
    return (random.below(2000) / 1000 - 1) * size;
  });
  const scores = [...numbers.slice(0, 200).map(Math.fround), 0, -0];
  for (const threshold of [...numbers.slice(200), ...scores, 1e300, -1e300]) {
    const limit = rankedThreshold(signed, threshold);
    for (const score of scores) {
      assert.equal(orderedKey(score) <= limit, score <= threshold, `${score} by ${threshold}`);
    }
  }
});

test('what is shown of a signed score is the score itself', () => {
  for (const score of [-3.5, 0, 1e-40, 2].map(Math.fround)) {
    assert.equal(scoreOfRanked(signed, orderedKey(score)), score);
  }
  assert.equal(scoreOfRanked(signed, null), null);
  assert.equal(scoreOfRanked({ signed: null }, 7), 7);
});

test('where the highest go first a threshold takes exactly what is at least as large', () => {
  const scores = [-3.5, -1e-40, 0, 1e-40, 2, 7].map(Math.fround);
  for (const threshold of [...scores, 1.9, 1e300, -1e300]) {
    const limit = rankedThreshold(reversed, threshold);
    for (const score of scores) {
      assert.equal(orderedKey(-score) <= limit, score >= threshold, `${score} by ${threshold}`);
      assert.equal(scoreOfRanked(reversed, orderedKey(-score)), score);
    }
  }
});

test('numbers beyond a float32 rank at its ends, and only what is not finite has no rank', () => {
  const ascending = [-1e300, -3.4028234663852886e38, -1, 0, 1, 3.4028234663852886e38, 1e300];
  const keys = ascending.map(orderedKey);
  assert.deepEqual(
    keys,
    [...keys].sort((a, b) => a - b),
  );
  assert.ok(keys[0]! > GONE_KEY);
  assert.deepEqual([NaN, Infinity, -Infinity].map(orderedKey), [NaN, NaN, NaN]);
});
