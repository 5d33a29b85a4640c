import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError, UnsupportedError, UsageError } from '../../../../src/core/errors';
import type { Evaluation } from '../../../../src/core/evaluation/evaluation';
import { type JobControl, type ProgressReport, unattended } from '../../../../src/core/progress';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import type { PlanEntry } from '../../../../src/core/report/plan';
import { evaluateFile } from '../../../../src/engines/jobs/evaluateFile';
import { evaluatedFile } from '../../../helpers/evaluatedFile';
import { fixturePath, readOracle } from '../../../helpers/fixtures';
import { digitsArchitecture, irisArchitecture } from '../tfjs/modelFixtures';

interface Figures {
  readonly accuracy?: number;
  readonly correct?: number;
  readonly loss?: number;
  readonly mse?: number;
  readonly n: number;
}

const digits: DataRecipe = { file: fixturePath('datasets/digits.npz'), scale: 1 / 16 };
const mnist: DataRecipe = { file: fixturePath('datasets/mnist.npz'), scale: 1 / 255 };
const iris: DataRecipe = { file: fixturePath('datasets/iris.csv'), rows: [120, null] };

/** Expected figures: Keras 3.15.1, torch 2.13.0; ± 1 sample, loss 1e-4 relative (oracles/conventions.json). */
const MODELS = [
  ['tfjs/digits_mlp/model.json', digits, 'keras_digits_mlp'],
  ['tfjs/lenet5/model.json', mnist, 'keras_lenet5'],
  ['tfjs/lenet5_keras3_converter/model.json', mnist, 'keras_lenet5'],
  ['tfjs/resbn/model.json', mnist, 'keras_resbn'],
  ['tfjs/autoencoder/model.json', digits, 'keras_autoencoder'],
] as const;

for (const [model, data, oracle] of MODELS) {
  test(`measures ${model} as the framework that trained it does`, async () => {
    const { before } = (await readOracle(`pruning/${oracle}`)) as { before: Figures };
    assertFigures(await evaluate(model, data), before);
  });
}

test('measures the iris network by mean squared error as torch does', async () => {
  const { magnitude } = (await readOracle('pruning/iris_mlp')) as {
    magnitude: { before: Figures };
  };
  const data: DataRecipe = { ...iris, loss: 'mse' };
  const found = await evaluate('numpy/iris_mlp.npz', data, irisArchitecture);
  assert.equal(found.correct, 28);
  assert.equal(found.loss, found.mse);
  assertFigures(found, magnitude.before);
});

test('measures logits of a safetensors network by log-softmax as torch does', async () => {
  const { magnitude } = (await readOracle('pruning/digits_mlp')) as {
    magnitude: { before: Figures };
  };
  const file = 'safetensors/digits_mlp_f32.safetensors';
  const found = await evaluate(file, digits, digitsArchitecture);
  assert.equal(found.lossKind, 'ce-logits');
  assertFigures(found, magnitude.before);
});

test('takes the input as the target of an autoencoder', async () => {
  const found = await evaluate('tfjs/autoencoder/model.json', digits);
  assert.equal(found.lossKind, 'mse');
  assert.equal(found.accuracy, undefined);
  assert.equal(found.perClass, undefined);
});

test('counts each class, in the order of the outputs and under the words of the file', async () => {
  const found = await evaluate('numpy/iris_mlp.npz', iris, irisArchitecture);
  const classes = found.perClass ?? [];
  assert.deepEqual(
    classes.map(({ name }) => name),
    ['setosa', 'versicolor', 'virginica'],
  );
  assert.equal(
    classes.reduce((sum, { samples }) => sum + samples, 0),
    30,
  );
  assert.equal(
    classes.reduce((sum, { correct }) => sum + correct, 0),
    found.correct,
  );
});

test('averages over folds to the figures of all samples when the folds are equal', async () => {
  const found = await evaluate('numpy/iris_mlp.npz', { ...iris, folds: 5 }, irisArchitecture);
  assert.equal(found.kFold?.folds, 5);
  assert.ok(Math.abs((found.kFold.accuracy?.mean ?? NaN) - (found.accuracy ?? NaN)) < 1e-12);
  assert.ok((found.kFold.accuracy?.deviation ?? -1) > 0);
});

interface Level {
  readonly per_layer: Readonly<
    Record<string, { readonly max_pruned: number; readonly size: number }>
  >;
  readonly after: Figures;
}

for (const [model, data, oracle] of MODELS.filter(([name]) => !name.includes('keras3'))) {
  test(`measures ${model} with weights cut off as the framework does after zeroing them`, async () => {
    const { levels } = (await readOracle(`pruning/${oracle}`)) as { levels: Record<string, Level> };
    for (const [level, { per_layer: tensors, after }] of Object.entries(levels)) {
      const cuts = Object.entries(tensors).map(([tensor, { max_pruned: threshold, size }]) =>
        cutUpTo(tensor, threshold, size),
      );
      const found = await evaluatedFile({ ...request(model, data), cuts }, unattended);
      assertFigures(found, after, level);
    }
  });
}

function cutUpTo(tensor: string, threshold: number, elementCount: number): PlanEntry {
  return {
    layer: tensor.replace('/kernel', ''),
    tensor,
    bias: null,
    criterion: 'magnitude',
    cut: { threshold, tieLimit: elementCount, unitMap: null, zeroedUnits: [] },
    elementCount,
    zerosBefore: 0,
    zerosAfter: 0,
    nonFinite: 0,
    overridden: false,
  };
}

test('reports progress up to the number of samples', async () => {
  const reports: ProgressReport[] = [];
  const control: JobControl = { ...unattended, report: (report) => reports.push(report) };
  await evaluateFile(request('tfjs/digits_mlp/model.json', digits), control);
  assert.ok(reports.length >= 4);
  assert.deepEqual(reports.at(-1), {
    phase: 'evaluate',
    done: 397,
    total: 397,
    item: 'digits.npz',
  });
});

test('stops between batches when it is cancelled', async () => {
  const controller = new AbortController();
  let batches = 0;
  const report = (): void => {
    batches += 1;
    if (batches === 2) controller.abort();
  };
  const running = evaluateFile(request('tfjs/lenet5/model.json', mnist), {
    signal: controller.signal,
    report,
  });
  await assert.rejects(running, CancelledError);
  assert.equal(batches, 2);
});

test('says why a file of weights alone cannot be evaluated', async () => {
  await assert.rejects(evaluate('safetensors/resnet.safetensors', mnist), UnsupportedError);
});

test('says both numbers when the data has other features than the model', async () => {
  const data: DataRecipe = { file: fixturePath('datasets/iris.csv') };
  await assert.rejects(evaluate('tfjs/digits_mlp/model.json', data), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /\[4\].*\[64\]/);
    return true;
  });
});

function request(
  model: string,
  data: DataRecipe,
  architecture: Parameters<typeof evaluateFile>[0]['architecture'] = null,
): Parameters<typeof evaluateFile>[0] {
  return { path: fixturePath(model), architecture, cuts: [], data, seed: 1 };
}

function evaluate(...args: Parameters<typeof request>): Promise<Evaluation> {
  return evaluatedFile(request(...args), unattended);
}

function assertFigures(found: Evaluation, expected: Figures, level = 'before'): void {
  assert.equal(found.samples, expected.n);
  if (expected.correct !== undefined) {
    assert.ok(
      Math.abs((found.correct ?? NaN) - expected.correct) <= 1,
      `${level}: ${found.correct}`,
    );
  }
  assertRelative(found.loss, expected.loss);
  assertRelative(found.mse, expected.mse);
}

function assertRelative(found: number | undefined, expected: number | undefined): void {
  if (expected === undefined) return;
  assert.ok(found !== undefined);
  assert.ok(Math.abs(found - expected) <= 1e-4 * expected, `${found}, expected ${expected}`);
}
