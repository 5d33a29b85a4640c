import { irisArchitecture } from '../../unit/engines/tfjs/modelFixtures';
import { fixturePath, readOracle } from '../fixtures';
import { scoresOf } from './commands';
import { type CriterionCase, relativeDifference, SINGLE, worstOf } from './criterionCase';

interface ActivationFigures {
  readonly apoz: readonly number[];
  readonly mean: readonly number[];
  readonly entropy_bits_minmax: readonly number[];
  readonly entropy_bits_active: readonly number[];
}

interface ActivationOracle {
  readonly activations: Readonly<Record<string, ActivationFigures>> & {
    readonly entropy_bits_0_1?: { readonly values: readonly number[] };
  };
}

interface ActivationNetwork {
  readonly oracle: string;
  readonly fixture: string;
  readonly fields: object;
  /** The tensors of the oracle's layers. */
  readonly tensors: Readonly<Record<string, string>>;
}

const NETWORKS: readonly ActivationNetwork[] = [
  {
    oracle: 'digits_mlp',
    fixture: 'onnx/digits_mlp_legacy.onnx',
    fields: {
      data: { file: fixturePath('datasets/digits.npz'), split: 'test', scale: 1 / 16 },
    },
    tensors: { 'relu(fc1) on x_test': 'fc1.weight', 'relu(fc2) on x_test': 'fc2.weight' },
  },
  {
    oracle: 'lenet5',
    fixture: 'onnx/lenet5_legacy.onnx',
    fields: {
      data: { file: fixturePath('datasets/mnist.npz'), split: 'test', scale: 1 / 255 },
    },
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
    fields: {
      architecture: irisArchitecture,
      data: { file: fixturePath('datasets/iris.csv') },
    },
    tensors: { 'sigmoid(fc1) on all 150 rows': 'W1' },
  },
];

interface Compared {
  readonly key: keyof ActivationFigures;
  readonly criterion: string;
  readonly options?: object;
  /** Of the oracle's figure. */
  readonly scoreOf?: (figure: number) => number;
}

const COMPARED: readonly Compared[] = [
  { key: 'apoz', criterion: 'apoz', scoreOf: (share) => 1 - share },
  { key: 'mean', criterion: 'activation-mean' },
  { key: 'entropy_bits_minmax', criterion: 'entropy' },
  { key: 'entropy_bits_active', criterion: 'entropy', options: { entropy: 'active' } },
];

/** Criteria by what units give on the test data. */
export function activationCases(): readonly CriterionCase[] {
  return [...NETWORKS.flatMap((network) => COMPARED.map((one) => caseOf(network, one))), zeroOne()];
}

function caseOf(network: ActivationNetwork, compared: Compared): CriterionCase {
  const { oracle, fixture, fields, tensors } = network;
  const { key, criterion, options = {}, scoreOf = (figure: number): number => figure } = compared;
  return {
    criterion,
    fixture,
    oracle,
    compared: `scores of units (${key})`,
    tolerance: SINGLE,
    measure: async () => {
      const { activations } = (await readOracle(`pruning/${oracle}`)) as ActivationOracle;
      const found = await scoresOf(fixture, { ...fields, criterion, options });
      return worstOf(Object.entries(tensors), ([layer, tensor]) => {
        const expected = activations[layer]![key].map(scoreOf);
        return Promise.resolve(unitDifference(found.get(tensor)!.values, expected));
      });
    },
  };
}

/** Relative, but of a score of exactly 0, which nothing is relative to. */
function unitDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  const kept = expected.map((_, i) => i).filter((i) => expected[i] !== found[i]);
  return relativeDifference(
    kept.map((i) => found[i]!),
    kept.map((i) => expected[i]!),
  );
}

function zeroOne(): CriterionCase {
  const { oracle, fixture, fields } = NETWORKS.find((one) => one.oracle === 'iris_mlp')!;
  return {
    criterion: 'entropy',
    fixture,
    oracle,
    compared: 'scores of units (entropy_bits_0_1)',
    tolerance: SINGLE,
    measure: async () => {
      const { activations } = (await readOracle('pruning/iris_mlp')) as ActivationOracle;
      const options = { entropy: 'zero-one' };
      const found = await scoresOf(fixture, { ...fields, criterion: 'entropy', options });
      return relativeDifference(found.get('W1')!.values, activations.entropy_bits_0_1!.values);
    },
  };
}
