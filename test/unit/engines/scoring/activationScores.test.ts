import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Criterion, CriterionOptions } from '../../../../src/core/criteria/criterion';
import { readOracle } from '../../../helpers/fixtures';
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
}

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
    tensors: {
      'relu(conv1) on x_test': 'conv1.weight',
      'relu(conv2) on x_test': 'conv2.weight',
      'relu(fc1) on x_test': 'fc1.weight',
      'relu(fc2) on x_test': 'fc2.weight',
    },
  },
];

/** Single precision enters: 1e-3 relative. */
const TOLERANCE = 1e-3;

async function assertFigures(
  t: TestContext,
  given: ActivationCase,
  { criterion, options = {} }: { criterion: Criterion; options?: CriterionOptions },
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
      assert.ok(Math.abs(found[unit]! - wanted) <= TOLERANCE * Math.abs(wanted), text);
    });
  }
}

for (const given of CASES) {
  test(`apoz of ${given.fixture} is 1 minus the oracle's share of zeros`, async (t) => {
    await assertFigures(t, given, { criterion: 'apoz' }, ({ apoz }) =>
      apoz.map((share) => 1 - share),
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
