import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evaluation } from '../../../src/core/evaluation/evaluation';
import { qualityRows, sizeRows, type MeasureRow } from '../../../webview/views/evaluationRows';

const before: Evaluation = {
  samples: 1000,
  accuracy: 0.963,
  correct: 963,
  loss: 0.1134,
  lossKind: 'ce',
  crossEntropy: 0.1134,
  mse: 0.0058,
};
const after: Evaluation = { ...before, accuracy: 0.951, correct: 951, loss: 0.1454, mse: 0.0072 };

function rowsOf(from: Evaluation, to: Evaluation | null): readonly MeasureRow[] {
  return qualityRows({ before: from, after: to, comparison: null });
}

/** A row as it reads, with an ordinary space. */
function reads({ name, before: from, after: to, change, note }: MeasureRow): string {
  return [name, from, to ?? '–', change ?? '–', note].join(' | ').replaceAll('\u00a0', ' ');
}

test('accuracy changes in points, with the samples beside it', () => {
  assert.deepEqual(rowsOf(before, after).map(reads), [
    'Accuracy | 96.3 % | 95.1 % | −1.2 pt | 963 → 951 of 1,000',
    'Loss | 0.1134 | 0.1454 | +0.0320 | Cross-entropy of probabilities',
    'Mean squared error | 0.0058 | 0.0072 | +0.0014 | ',
  ]);
});

test('the loss is not told twice under its own name', () => {
  const regression: Evaluation = { samples: 10, loss: 2.5, lossKind: 'mse', mse: 2.5 };
  assert.deepEqual(rowsOf(regression, regression).map(reads), [
    'Loss | 2.5000 | 2.5000 | 0 | Mean squared error',
  ]);
});

test('before the plan is evaluated only the original has numbers', () => {
  assert.equal(rowsOf(before, null).map(reads)[0], 'Accuracy | 96.3 % | – | – | ');
});

test('folds show their mean and deviation', () => {
  const kFold = { folds: 5, accuracy: { mean: 0.96, deviation: 0.012 } };
  const rows = rowsOf({ ...before, kFold }, { ...after, kFold });
  assert.equal(
    rows.map(reads).at(-1),
    'Accuracy by folds | 96.0 % ± 1.2 | 96.0 % ± 1.2 | 0 | mean ± deviation over 5 folds',
  );
});

test('a size that stays is a change of 0, and one not measured has no row', () => {
  const sizes = { rawBefore: 250_427, rawAfter: 250_427, gzipBefore: null, gzipAfter: null };
  assert.deepEqual(sizeRows(sizes, null).map(reads), ['Size, raw | 245 KB | 245 KB | 0 | ']);
});

test('compression and weights change in percent', () => {
  const sizes = { rawBefore: 100, rawAfter: 100, gzipBefore: 229_000, gzipAfter: 132_000 };
  assert.deepEqual(sizeRows(sizes, { before: 61_470, after: 30_735 }).map(reads).slice(1), [
    'Size, gzip | 224 KB | 129 KB | −42 % | ',
    'Nonzero weights | 61,470 | 30,735 | −50 % | ',
  ]);
});

test('the hover has the exact values', () => {
  const [accuracy] = rowsOf(before, after);
  assert.deepEqual(accuracy?.exact, { before: '0.963', after: '0.951' });
});
