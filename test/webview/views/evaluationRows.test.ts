import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../../src/core/evaluation/comparison';
import type { Evaluation } from '../../../src/core/evaluation/evaluation';
import { comparisonGroups } from '../../../webview/views/comparisonRows';
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

test('the packed size stands beside raw and gzip, and says what it leaves out', () => {
  const sizes = { rawBefore: 100, rawAfter: 100, gzipBefore: null, gzipAfter: null };
  const packed = { ...sizes, packedBefore: 250_000, packedAfter: 132_000 };
  assert.deepEqual(sizeRows(packed, null).map(reads).slice(1), [
    'Size, packed | 244 KB | 129 KB | −47 % | without zeros',
  ]);
});

test('the hover has the exact values', () => {
  const [accuracy] = rowsOf(before, after);
  assert.deepEqual(accuracy?.exact, { before: '0.963', after: '0.951' });
});

const tested: Comparison = {
  samples: 1000,
  agreement: {
    top1: 0.957,
    meanCosine: 0.9607,
    klDivergence: 0.2174,
    maxAbsDifference: 0.8278,
    meanAbsDifference: 0.0358,
  },
  differences: [
    {
      measure: 'accuracy',
      difference: -0.012,
      interval: { low: -0.021, high: -0.004 },
      test: {
        method: 'mcnemar-exact',
        pValue: 0.0127,
        discordant: { onlyBefore: 15, onlyAfter: 3 },
      },
    },
    {
      measure: 'loss',
      difference: 0.032,
      interval: { low: 0.021, high: 0.0434 },
      test: { method: 'bootstrap', pValue: 0.0005 },
    },
  ],
  latency: [
    {
      batchSize: 1,
      rounds: 50,
      before: { p50Ms: 0.8, p95Ms: 1.2 },
      after: { p50Ms: 0.4, p95Ms: 0.9 },
    },
    {
      batchSize: 128,
      rounds: 20,
      before: { p50Ms: 16.75, p95Ms: 19.7 },
      after: { p50Ms: 16.76, p95Ms: 20 },
    },
  ],
};

test('a paired test stands beside the figure it is of, and intervals under the figures', () => {
  const intervals = {
    level: 0.95,
    method: 'bootstrap-bca',
    resamples: 2000,
    accuracy: { low: 0.95, high: 0.974 },
  } as const;
  const rows = qualityRows({ before: { ...before, intervals }, after, comparison: tested });
  assert.equal(rows[0]?.note, '963 → 951 of 1,000; significant: p = 0.013');
  assert.deepEqual(rows[0].intervals, {
    before: '95.0 to 97.4',
    after: null,
    change: '−2.1 to −0.4',
  });
  const [, loss] = rows;
  assert.equal(loss?.note, 'Cross-entropy of probabilities; significant: p < 0.001');
  assert.equal(loss.intervals?.change, '+0.0210 to +0.0434');
});

test('top-k, F1, R² and a loss that was guessed are told where the data gives them', () => {
  const more: Evaluation = {
    ...before,
    topK: { k: 5, accuracy: 0.999, correct: 999 },
    f1: { macro: 0.9639, micro: 0.963 },
    mae: 0.5,
    r2: { mean: 0.25, perOutput: [0.25] },
    lossGuessedFrom: 'softmax',
  };
  assert.deepEqual(rowsOf(more, null).map(reads), [
    'Accuracy | 96.3 % | – | – | ',
    'Top-5 accuracy | 99.9 % | – | – | ',
    'F1, mean of classes | 0.9639 | – | – | ',
    'Loss | 0.1134 | – | – | Cross-entropy of probabilities, as softmax ends the model',
    'Mean squared error | 0.0058 | – | – | ',
    'Mean absolute error | 0.5000 | – | – | ',
    'R² | 0.2500 | – | – | ',
  ]);
});

test('agreement and latency are groups of their own, without labels, too', () => {
  assert.deepEqual(qualityRows({ before: null, after: null, comparison: tested }), []);
  const [agreement, latency] = comparisonGroups(tested);
  assert.equal(agreement?.title, 'Agreement with the original');
  assert.deepEqual(agreement.rows.map(reads), [
    'Same largest output |  | 95.7 % |  | ',
    'Mean cosine |  | 0.9607 |  | ',
    'KL divergence |  | 0.217 |  | in nats',
    'Largest difference |  | 0.828 |  | ',
    'Mean difference |  | 0.0358 |  | ',
  ]);
  assert.deepEqual(latency?.rows.map(reads), [
    '1 sample | 0.800 ms | 0.400 ms | −50 % | 95 % within 1.20 ms → 0.900 ms; 50 runs in turn',
    '128 samples at once | 16.8 ms | 16.8 ms | 0 | 95 % within 19.7 ms → 20.0 ms; 20 runs in turn',
  ]);
});
