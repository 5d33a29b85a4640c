import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Criterion, CriterionOptions } from '../../../../src/core/criteria/criterion';
import { readOracle } from '../../../helpers/fixtures';
import { irisArchitecture } from '../tfjs/modelFixtures';
import { scoresOnData, type ScoredFixture } from '../../../helpers/scoredFixture';

interface ActivationFigures {
  readonly units: number;
  readonly apoz: readonly number[];
  readonly mean: readonly number[];
  readonly entropy_bits_minmax: readonly number[];
  readonly entropy_bits_active: readonly number[];
}

/** A file, and which of its tensors the oracle's layers are. */
interface ActivationCase extends ScoredFixture {
  readonly oracle: string;
  readonly tensors: Readonly<Record<string, string>>;
  /** Of the share of zeros; {@link EXACT} without it. */
  readonly zeroTolerance?: number;
}

/** No zero more or less. */
const EXACT = 1e-12;

const DIGITS = { file: 'datasets/digits.npz', split: 'test', scale: 1 / 16 };
const MNIST = { file: 'datasets/mnist.npz', split: 'test', scale: 1 / 255 };

const CASES: readonly ActivationCase[] = [
  {
    oracle: 'digits_mlp',
    fixture: 'onnx/digits_mlp_legacy.onnx',
    data: DIGITS,
    tensors: { 'relu(fc1) on x_test': 'fc1.weight', 'relu(fc2) on x_test': 'fc2.weight' },
  },
  {
    oracle: 'lenet5',
    fixture: 'onnx/lenet5_legacy.onnx',
    data: MNIST,
    // Of 100,000 sums of 150 products one lies so near zero that the order of adding decides.
    zeroTolerance: 1e-3,
    tensors: {
      'relu(conv1) on x_test': 'conv1.weight',
      'relu(conv2) on x_test': 'conv2.weight',
      'relu(fc1) on x_test': 'fc1.weight',
      'relu(fc2) on x_test': 'fc2.weight',
    },
  },
  {
    oracle: 'iris_mlp',
    fixture: 'numpy/iris_mlp.npz',
    architecture: irisArchitecture,
    data: { file: 'datasets/iris.csv' },
    tensors: { 'sigmoid(fc1) on all 150 rows': 'W1' },
  },
];

/** Single precision enters: 1e-3 relative. */
const TOLERANCE = 1e-3;

interface Compared {
  readonly criterion: Criterion;
  readonly options?: CriterionOptions;
  /** Relative. */
  readonly tolerance?: number;
}

async function assertFigures(
  t: TestContext,
  given: ActivationCase,
  { criterion, options = {}, tolerance = TOLERANCE }: Compared,
  expectedOf: (figures: ActivationFigures) => readonly number[],
): Promise<void> {
  const { activations } = (await readOracle(`pruning/${given.oracle}`)) as {
    activations: Readonly<Record<string, ActivationFigures>>;
  };
  const tensors = Object.values(given.tensors);
  const scores = await scoresOnData(t, given, { criterion, options, tensors });
  for (const [key, tensor] of Object.entries(given.tensors)) {
    const expected = expectedOf(activations[key]!);
    const found = scores.get(tensor)!;
    assert.equal(found.length, expected.length, `${tensor}: units`);
    expected.forEach((wanted, unit) => {
      const text = `${tensor}, unit ${unit}: ${found[unit]!} for ${wanted}`;
      assert.ok(Math.abs(found[unit]! - wanted) <= tolerance * Math.abs(wanted), text);
    });
  }
}

for (const given of CASES) {
  test(`apoz of ${given.fixture} is 1 minus the oracle's share of zeros`, async (t) => {
    await assertFigures(
      t,
      given,
      { criterion: 'apoz', tolerance: given.zeroTolerance ?? EXACT },
      ({ apoz }) => apoz.map((share) => 1 - share),
    );
  });

  test(`the mean activation of ${given.fixture} is the oracle's`, async (t) => {
    await assertFigures(t, given, { criterion: 'activation-mean' }, ({ mean }) => mean);
  });

  test(`the entropy between bounds of ${given.fixture} is the oracle's`, async (t) => {
    await assertFigures(t, given, { criterion: 'entropy' }, (one) => one.entropy_bits_minmax);
  });

  test(`the entropy of being active of ${given.fixture} is the oracle's`, async (t) => {
    await assertFigures(
      t,
      given,
      { criterion: 'entropy', options: { entropy: 'active' } },
      (one) => one.entropy_bits_active,
    );
  });
}

test("the entropy of a histogram from 0 to 1 is the oracle's", async (t) => {
  const { activations } = (await readOracle('pruning/iris_mlp')) as {
    activations: { entropy_bits_0_1: { values: readonly number[] } };
  };
  const expected = activations.entropy_bits_0_1;
  const given = CASES.find(({ oracle }) => oracle === 'iris_mlp')!;
  const wanted = {
    criterion: 'entropy',
    options: { entropy: 'zero-one' },
    tensors: ['W1'],
  } as const;
  const found = (await scoresOnData(t, given, wanted)).get('W1')!;
  assert.equal(found.length, expected.values.length);
  expected.values.forEach((value, unit) => {
    assert.ok(Math.abs(found[unit]! - value) <= TOLERANCE * value, `unit ${unit}`);
  });
});

test("a unit's share in the entropy of its layer follows from the mean activations", async (t) => {
  const [given] = CASES as [ActivationCase];
  const tensors = ['fc1.weight'];
  const means = (await scoresOnData(t, given, { criterion: 'activation-mean', tensors })).get(
    tensors[0]!,
  )!;
  const wanted = { criterion: 'entropy', options: { entropy: 'share' }, tensors } as const;
  const found = (await scoresOnData(t, given, wanted)).get(tensors[0]!)!;
  const total = means.reduce((sum, one) => sum + one, 0);
  means.forEach((mean, unit) => {
    const share = mean / total;
    const expected = share === 0 ? 0 : -share * Math.log2(share);
    assert.ok(Math.abs(found[unit]! - expected) <= 1e-12, `unit ${unit}`);
  });
});

test('scores by activations do not depend on how many samples run at once', async (t) => {
  const [given] = CASES as [ActivationCase];
  for (const criterion of ['apoz', 'activation-mean', 'entropy'] as const) {
    const wanted = { criterion, tensors: ['fc2.weight'] };
    const atOnce = (await scoresOnData(t, given, wanted)).get('fc2.weight')!;
    const inParts = (await scoresOnData(t, given, { ...wanted, batchDivisor: 9 })).get(
      'fc2.weight',
    )!;
    atOnce.forEach((score, unit) => {
      assert.ok(Math.abs(score - inParts[unit]!) <= 1e-6, `${criterion}, unit ${unit}`);
    });
  }
});

test('apoz of layers without any activation is refused, with what takes its place', async (t) => {
  const [given] = CASES as [ActivationCase];
  await assert.rejects(
    scoresOnData(t, given, { criterion: 'apoz', tensors: ['fc3.weight'] }),
    /no activation behind .*fc3.*activation-mean, entropy and stability/,
  );
});
