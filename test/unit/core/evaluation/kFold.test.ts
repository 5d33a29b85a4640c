import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dealFolds, summarizeFolds } from '../../../../src/core/evaluation/kFold';
import { UsageError } from '../../../../src/core/errors';

test('deals every sample into exactly one fold', () => {
  const folds = dealFolds(103, 5, 1);
  const dealt = folds.flatMap((fold) => [...fold]).sort((a, b) => a - b);
  assert.deepEqual(
    dealt,
    Array.from({ length: 103 }, (_, i) => i),
  );
});

test('makes the first folds one larger where the samples do not divide', () => {
  assert.deepEqual(
    dealFolds(103, 5, 1).map((fold) => fold.length),
    [21, 21, 21, 20, 20],
  );
});

test('deals the same for the same seed, and otherwise for another', () => {
  assert.deepEqual(dealFolds(50, 4, 9), dealFolds(50, 4, 9));
  assert.notDeepEqual(dealFolds(50, 4, 9), dealFolds(50, 4, 10));
});

test('refuses fewer than two folds and more folds than samples', () => {
  for (const folds of [1, 11, 2.5, NaN]) {
    assert.throws(() => dealFolds(10, folds, 1), UsageError);
  }
});

test('summarises by the mean and the deviation of the population', () => {
  assert.deepEqual(summarizeFolds([1, 2, 3, 6]), { mean: 3, deviation: Math.sqrt(3.5) });
});
