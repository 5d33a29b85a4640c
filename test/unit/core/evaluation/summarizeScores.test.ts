import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Targets } from '../../../../src/core/evaluation/dataset';
import type { OutputFigures } from '../../../../src/core/evaluation/evaluation';
import { chooseMeasure } from '../../../../src/core/evaluation/measure';
import { emptyScores, scoreBatch } from '../../../../src/core/evaluation/sampleScores';
import { summarizeScores } from '../../../../src/core/evaluation/summarizeScores';
import type { ActivationFunction } from '../../../../src/core/graph/operators/activation';
import type { Loss } from '../../../../src/core/recipe/recipe';

const softmax: ActivationFunction = { name: 'softmax', axis: -1 };
const probabilities = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.6, 0.3, 0.1, 0, 0, 1];
const labels: Targets = {
  kind: 'column',
  name: 'y',
  values: Float64Array.of(0, 1, 1, 2),
  classNames: null,
};

test('counts what is correct, overall and of each class', () => {
  const found = evaluate(probabilities, labels);
  assert.deepEqual([found.correct, found.accuracy], [3, 0.75]);
  assert.deepEqual(found.perClass, [
    { name: '0', correct: 1, samples: 1 },
    { name: '1', correct: 1, samples: 2 },
    { name: '2', correct: 1, samples: 1 },
  ]);
});

test('reports the chosen loss and the other figures beside it', () => {
  const crossEntropy = -(Math.log(0.7) + Math.log(0.8) + Math.log(0.3)) / 4;
  const byEntropy = evaluate(probabilities, labels);
  assertNear(byEntropy.loss, crossEntropy);
  const byError = evaluate(probabilities, labels, { loss: 'mse' });
  assertNear(byError.crossEntropy, crossEntropy);
  assert.equal(byError.loss, byError.mse);
  assert.equal(byError.lossKind, 'mse');
});

test('leaves out what values do not have', () => {
  const targets: Targets = { kind: 'array', name: 'y', elementsPerSample: 3 };
  const found = evaluate(probabilities, targets, {
    expected: Float64Array.from(probabilities),
    loss: 'mse',
  });
  const keys = ['intervals', 'loss', 'lossKind', 'mae', 'mse', 'r2'];
  assert.deepEqual(Object.keys(found).sort(), keys);
  assert.ok(found.loss < 1e-15);
});

test('gives the same figures however the samples are cut into batches', () => {
  assert.deepEqual(
    evaluate(probabilities, labels),
    evaluate(probabilities, labels, { batchSize: 3 }),
  );
});

test('averages folds to the overall figures where they are equally large', () => {
  const found = evaluate(probabilities, labels, { folds: 2 });
  assertNear(found.kFold?.accuracy?.mean, found.accuracy ?? NaN);
  assertNear(found.kFold?.loss?.mean, found.loss);
  assertNear(found.kFold?.mse?.mean, found.mse ?? NaN);
});

test('shows broken outputs as NaN instead of hiding them', () => {
  const found = evaluate([NaN, NaN, NaN, ...probabilities.slice(3)], labels);
  assert.ok(Number.isNaN(found.loss));
  assert.equal(found.correct, 2);
});

interface Choices {
  readonly loss?: Loss;
  readonly expected?: Float64Array;
  readonly batchSize?: number;
  readonly folds?: number;
}

function evaluate(
  outputs: readonly number[],
  targets: Targets,
  { loss, expected = new Float64Array(0), batchSize = 4, folds }: Choices = {},
): OutputFigures {
  const measure = chooseMeasure(targets, { count: 3, activation: softmax }, loss);
  const scores = emptyScores({ sampleCount: 4, outputCount: 3, measure, targets });
  for (let first = 0; first < 4; first += batchSize) {
    const to = Math.min(4, first + batchSize);
    const values = Float32Array.from(outputs.slice(first * 3, to * 3));
    const rows = expected.slice(first * 3, to * 3);
    const sampleCount = to - first;
    const output = { shape: [sampleCount, 3], values };
    scoreBatch(scores, first, output, { rows, targets, measure, sampleCount });
  }
  return summarizeScores({ scores, measure }, { folds: folds ?? null, seed: 1 });
}

/** Outputs are float32. */
function assertNear(found: number | undefined, expected: number): void {
  assert.ok(found !== undefined && Math.abs(found - expected) < 1e-7, `${found}, not ${expected}`);
}
