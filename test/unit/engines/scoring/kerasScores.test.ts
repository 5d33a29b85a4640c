// Keras models by what they do on data, as test/peers/criteriaReferences.py computed it in float64 with torch.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Criterion } from '../../../../src/core/criteria/criterion';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { assertClose } from '../../../helpers/assertClose';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { scoresOnData, type WantedScores } from '../../../helpers/scoredFixture';

/** Derivatives are computed in single precision. */
const TOLERANCE = 1e-3;

interface Figures {
  readonly count: number;
  readonly sum: number;
  readonly l1: number;
  readonly l2: number;
  readonly max_abs: number;
  readonly first8: readonly number[];
}

interface Whole {
  readonly values: readonly number[];
}

type ByLayer<T> = Readonly<Record<string, T>>;

interface Oracle {
  readonly file: string;
  readonly rows: readonly [number, number];
  readonly criteria: Readonly<Record<string, ByLayer<Figures | Whole>>>;
  readonly stability?: {
    readonly sigma: number;
    readonly layers: ByLayer<Whole & { readonly deviations: readonly number[] }>;
  };
}

const MNIST: DataRecipe = {
  ...{ file: 'datasets/mnist.npz', split: 'test' },
  ...{ scale: 1 / 255, loss: 'ce' },
};
const DIABETES: DataRecipe = { file: 'datasets/diabetes.csv', loss: 'mse' };

/** Scores by the names of layers. */
async function scoresByLayer(
  t: TestContext,
  { file, data }: { readonly file: string; readonly data: DataRecipe },
  wanted: Omit<WantedScores, 'tensors'> & { readonly layers: readonly string[] },
): Promise<ReadonlyMap<string, Float64Array>> {
  const { model } = await openFixture(t, file);
  const weights = wanted.layers.map((name) => {
    const weight = model.layers.find((layer) => layer.name === name)?.weight;
    assert.ok(weight !== undefined, `${file} has no layer ${name}`);
    return weight;
  });
  const scores = await scoresOnData(t, { fixture: file, data }, { ...wanted, tensors: weights });
  return new Map(wanted.layers.map((name, i) => [name, scores.get(weights[i]!)!]));
}

function assertScores(found: Float64Array, expected: Figures | Whole, what: string): void {
  if ('values' in expected) {
    assertClose(found, expected.values, TOLERANCE, what);
    return;
  }
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const figures = [
    sum(found.map(Math.abs)),
    Math.sqrt(sum(found.map((value) => value * value))),
    found.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  ];
  assert.equal(found.length, expected.count, what);
  assertClose(figures, [expected.l1, expected.l2, expected.max_abs], TOLERANCE, what);
  assert.ok(Math.abs(sum(found) - expected.sum) <= TOLERANCE * expected.l1, `${what}: sum`);
  const first = Array.from(found.subarray(0, 8));
  for (const [i, value] of expected.first8.entries()) {
    const allowed = Math.max(TOLERANCE * Math.abs(value), 1e-6 * expected.l2);
    assert.ok(Math.abs(first[i]! - value) <= allowed, `${what}: ${first[i]} for ${value}`);
  }
}

const MODELS = [
  ['keras_diabetes_mlp', DIABETES],
  ['keras_lenet5', MNIST],
  ['keras_resbn', MNIST],
] as const;

const CRITERIA = ['gradient', 'fisher', 'output-sensitivity', 'grasp', 'wanda'] as const;

async function assertCriterion(
  t: TestContext,
  [name, data]: (typeof MODELS)[number],
  criterion: Criterion,
): Promise<void> {
  const { file, rows, criteria } = (await readOracle(`criteria/${name}`)) as Oracle;
  const expected = criteria[criterion]!;
  const layers = Object.keys(expected);
  const scores = await scoresByLayer(t, { file, data: { ...data, rows } }, { criterion, layers });
  for (const layer of layers) {
    assertScores(scores.get(layer)!, expected[layer]!, `${criterion} of ${layer}`);
  }
}

for (const model of MODELS) {
  for (const criterion of CRITERIA) {
    test(`scores ${model[0]} by ${criterion} as torch does`, (t) =>
      assertCriterion(t, model, criterion));
  }
}

test('scores keras_lenet5 by activation-mean as torch does', (t) =>
  assertCriterion(t, MODELS[1], 'activation-mean'));

test('stability is that of many draws by torch, within what so few draws leave open', async (t) => {
  const { file, stability } = (await readOracle('criteria/keras_diabetes_mlp')) as Oracle;
  const { sigma, layers: expected } = stability!;
  const layers = Object.keys(expected);
  const given = { file, data: { ...DIABETES, rows: [0, 350] as const } };
  const wanted = { criterion: 'stability', options: { sigma }, layers } as const;
  const scores = await scoresByLayer(t, given, wanted);
  for (const layer of layers) {
    const { values, deviations } = expected[layer]!;
    values.forEach((value, unit) => {
      const found = scores.get(layer)![unit]!;
      // Six standard deviations: one in a billion.
      const isNear = Math.abs(found - value) <= 6 * deviations[unit]!;
      assert.ok(isNear, `${layer}, unit ${unit}: ${found} for ${value} ± ${deviations[unit]}`);
    });
  }
});
