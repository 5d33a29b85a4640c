// Accuracy, loss and error after magnitude pruning at every level, as the frameworks that trained the
// models computed them (Keras 3.15.1 in float32; the Iris network by torch in float64).
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Evaluation } from '../../../src/core/evaluation/evaluation';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { Architecture, DataRecipe } from '../../../src/core/recipe/recipe';
import { planPrune } from '../../../src/core/selection/planPrune';
import { openModelFile } from '../../../src/node/openModel';
import { evaluatedFile } from '../../helpers/evaluatedFile';
import { fixturePath, readOracle } from '../../helpers/fixtures';
import { beforeOf, levelsOf, type MeasuredOracle } from '../../helpers/pruningOracle';

interface Case {
  readonly oracle: string;
  readonly fixture: string;
  readonly data: DataRecipe;
  readonly architecture?: Architecture;
}

const digits = fixturePath('datasets/digits.npz');
const mnist: DataRecipe = {
  file: fixturePath('datasets/mnist.npz'),
  split: 'test',
  scale: 1 / 255,
};

const CASES: readonly Case[] = [
  {
    oracle: 'keras_digits_mlp',
    fixture: 'tfjs/digits_mlp',
    data: { file: digits, split: 'test', scale: 1 / 16 },
  },
  { oracle: 'keras_lenet5', fixture: 'tfjs/lenet5', data: mnist },
  { oracle: 'keras_resbn', fixture: 'tfjs/resbn', data: mnist },
  {
    oracle: 'keras_autoencoder',
    fixture: 'tfjs/autoencoder',
    data: { file: digits, inputs: ['x_test'], labels: 'x_test', scale: 1 / 16, loss: 'mse' },
  },
  {
    oracle: 'iris_mlp',
    fixture: 'numpy/iris_mlp.npz',
    data: {
      file: fixturePath('datasets/iris.csv'),
      labels: 'species',
      rows: [120, null],
      loss: 'mse',
    },
    architecture: {
      axisOrder: 'in-out',
      layers: [
        { kernel: 'W1', bias: 'b1', activation: 'sigmoid' },
        { kernel: 'W2', bias: 'b2', activation: 'sigmoid' },
      ],
    },
  },
  {
    oracle: 'digits_mlp',
    fixture: 'safetensors/digits_mlp_f32.safetensors',
    data: { file: digits, split: 'test', scale: 1 / 16, loss: 'ce-logits' },
    architecture: {
      axisOrder: 'out-in',
      layers: [
        { kernel: 'fc1.weight', bias: 'fc1.bias', activation: 'relu' },
        { kernel: 'fc2.weight', bias: 'fc2.bias', activation: 'relu' },
        { kernel: 'fc3.weight', bias: 'fc3.bias' },
      ],
    },
  },
];

function assertMeasured(found: Evaluation, expected: MeasuredOracle, level: string): void {
  assert.equal(found.samples, expected.n, level);
  if (expected.correct !== undefined) {
    const off = Math.abs((found.correct ?? NaN) - expected.correct);
    assert.ok(off <= 1, `${level}: ${found.correct} correct for ${expected.correct}`);
  }
  const figures = [
    [found.loss, expected.loss],
    [found.mse, expected.mse],
  ] as const;
  for (const [value, oracle] of figures) {
    if (oracle === undefined) continue;
    const error = Math.abs((value ?? NaN) - oracle) / oracle;
    assert.ok(error <= 1e-4, `${level}: ${value} for ${oracle}`);
  }
}

async function evaluate(t: TestContext, one: Case, level: string | null): Promise<Evaluation> {
  const file = fixturePath(one.fixture);
  const architecture = one.architecture ?? null;
  const opened = await openModelFile(file, { architecture });
  t.after(() => opened.close());
  const [, scope, percent] = /^(global|per_layer)_(\d+)$/.exec(level ?? 'global_0')!;
  const recipe = parseRecipe(
    { scope: scope === 'global' ? 'global' : 'layer', sparsity: Number(percent) / 100 },
    path.basename(file),
  );
  const { entries } = await planPrune(opened.model, recipe, unattended);
  const cuts = level === null ? [] : entries;
  return evaluatedFile({ path: file, architecture, cuts, data: one.data, seed: 0 }, unattended);
}

for (const one of CASES) {
  test(`${one.fixture} measures before and after pruning what ${one.oracle} does`, async (t) => {
    const oracle = await readOracle(`pruning/${one.oracle}`);
    assertMeasured(await evaluate(t, one, null), beforeOf(oracle), 'before');
    for (const [level, { after }] of Object.entries(levelsOf(oracle))) {
      assertMeasured(await evaluate(t, one, level), after, level);
    }
  });
}
