// Criteria by derivatives, as torch 2.13.0 computed them in float64.
import { test } from 'node:test';
import type { Criterion, CriterionOptions } from '../../../../src/core/criteria/criterion';
import { assertClose } from '../../../helpers/assertClose';
import { readOracle } from '../../../helpers/fixtures';
import { readArrays } from '../../../helpers/npzArrays';
import { scoresOnData, type ScoredFixture } from '../../../helpers/scoredFixture';
import { digitsArchitecture, irisArchitecture } from '../tfjs/modelFixtures';

/** Derivatives are computed in single precision. */
const TOLERANCE = 1e-3;

/** What the oracles call a criterion. */
interface Compared {
  readonly key: string;
  readonly criterion: Criterion;
  readonly options?: CriterionOptions;
}

const COMPARED: readonly Compared[] = [
  { key: 'grad_abs', criterion: 'gradient' },
  { key: 'snip_taylor1_abs', criterion: 'taylor' },
  { key: 'taylor1_sq', criterion: 'taylor-squared' },
  { key: 'fisher_empirical', criterion: 'fisher' },
  { key: 'fisher_saliency', criterion: 'obd' },
  { key: 'jac_sq_mean', criterion: 'output-sensitivity' },
  {
    key: 'delta_mse_first_order',
    criterion: 'output-sensitivity',
    options: { sensitivity: 'delta-mse' },
  },
  { key: 'grasp', criterion: 'grasp' },
];

const DIGITS = {
  file: 'datasets/digits.npz',
  split: 'train',
  rows: [0, 64],
  scale: 1 / 16,
  loss: 'ce-logits',
} as const;

const DIGITS_TENSORS = ['fc1.weight', 'fc2.weight', 'fc3.weight'];

/** Of the sequences of waves. */
const STEPS = 24;

const DIGITS_FILES: readonly ScoredFixture[] = [
  { fixture: 'pytorch/digits_mlp_state.pt', architecture: digitsArchitecture, data: DIGITS },
  { fixture: 'onnx/digits_mlp_dynamo.onnx', data: DIGITS },
  { fixture: 'onnx/digits_mlp_legacy.onnx', data: DIGITS },
];

for (const given of DIGITS_FILES) {
  for (const { key, criterion, options = {} } of COMPARED) {
    test(`scores ${given.fixture} by ${key} as torch does`, async (t) => {
      const wanted = await readArrays('oracles/pruning/digits_mlp_criteria.npz');
      const scores = await scoresOnData(t, given, { criterion, options, tensors: DIGITS_TENSORS });
      for (const tensor of DIGITS_TENSORS) {
        const expected = wanted.get(`${key}/${tensor}`)!.values;
        assertClose(scores.get(tensor)!, expected, TOLERANCE, `${key} ${tensor}`);
      }
    });
  }
}

interface IrisOracle {
  readonly criteria: Readonly<
    Record<
      string,
      { readonly layers: Readonly<Record<string, { readonly values: readonly number[] }>> }
    >
  >;
  readonly obd_obs: Readonly<Record<string, readonly number[]>>;
}

const IRIS: ScoredFixture = {
  fixture: 'numpy/iris_mlp.npz',
  architecture: irisArchitecture,
  data: { file: 'datasets/iris.csv', rows: [0, 64], loss: 'mse' },
};

/** In the oracle [out, in], in the file [in, out]. */
function transposed(values: readonly number[], rows: number): readonly number[] {
  const columns = values.length / rows;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

async function irisScores(
  t: Parameters<typeof scoresOnData>[0],
  criterion: Criterion,
  options: CriterionOptions,
): Promise<readonly (readonly [string, ArrayLike<number>])[]> {
  const scores = await scoresOnData(t, IRIS, { criterion, options, tensors: ['W1', 'W2'] });
  return [...scores];
}

for (const { key, criterion, options = {} } of COMPARED) {
  test(`scores the iris network by ${key} as torch does`, async (t) => {
    const { criteria } = (await readOracle('pruning/iris_mlp')) as IrisOracle;
    const { layers } = criteria[key]!;
    const expected = new Map([
      ['W1', transposed(layers['fc1.weight']!.values, 8)],
      ['W2', transposed(layers['fc2.weight']!.values, 3)],
    ]);
    for (const [tensor, values] of await irisScores(t, criterion, options)) {
      assertClose(values, expected.get(tensor)!, TOLERANCE, tensor);
    }
  });
}

const CURVATURES = { exact: 'obd_saliency_exact', 'gauss-newton': 'obd_saliency_gauss_newton' };

for (const [hessian, key] of Object.entries(CURVATURES)) {
  test(`scores the iris network by obd with the ${hessian} Hessian as torch does`, async (t) => {
    const { obd_obs: oracle } = (await readOracle('pruning/iris_mlp')) as IrisOracle;
    const saliency = oracle[key]!;
    const expected = new Map([
      ['W1', transposed(saliency.slice(0, 32), 8)],
      ['W2', transposed(saliency.slice(40, 64), 3)],
    ]);
    const options = { hessian: hessian as 'exact' | 'gauss-newton' };
    for (const [tensor, values] of await irisScores(t, 'obd', options)) {
      assertClose(values, expected.get(tensor)!, TOLERANCE, tensor);
    }
  });
}

test('makes the shares of snip those of taylor in all scored weights', async (t) => {
  const given = { criterion: 'taylor', options: {}, tensors: DIGITS_TENSORS } as const;
  const fixture = DIGITS_FILES[0]!;
  const taylor = await scoresOnData(t, fixture, given);
  const shares = await scoresOnData(t, fixture, { ...given, criterion: 'snip' });
  const all = [...taylor.values()].flatMap((values) => Array.from(values));
  const total = all.reduce((sum, value) => sum + value, 0);
  for (const tensor of DIGITS_TENSORS) {
    const expected = Array.from(taylor.get(tensor)!, (value) => value / total);
    assertClose(shares.get(tensor)!, expected, 1e-6, tensor);
  }
});

for (const signed of [false, true]) {
  const form = signed ? 'the mean of its signed change' : 'its mean change';
  test(`scores what a unit gives by ${form} of the loss as torch does`, async (t) => {
    const { neuron_taylor: oracle } = (await readOracle('pruning/digits_mlp')) as {
      readonly neuron_taylor: Readonly<Record<string, readonly number[]>>;
    };
    const reduction = signed ? 'signed-sum' : 'sum';
    const options = { of: 'activations', reduction } as const;
    const tensors = ['fc1.weight', 'fc2.weight'];
    for (const given of DIGITS_FILES) {
      const scores = await scoresOnData(t, given, { criterion: 'taylor', options, tensors });
      for (const layer of ['fc1', 'fc2']) {
        const expected = oracle[`relu(${layer})${signed ? ' signed' : ''}`]!;
        assertClose(scores.get(`${layer}.weight`)!, expected, TOLERANCE, layer);
      }
    }
  });
}

test('scores what recurrent units give alike where a batch has as many samples as the sequence steps', async (t) => {
  const options = { of: 'activations', reduction: 'sum' } as const;
  const wanted = { criterion: 'taylor', options, tensors: ['onnx::LSTM_109'] } as const;
  const meanOf = async (rows: readonly [number, number]): Promise<Float64Array> => {
    const data = { file: 'datasets/waves.npz', split: 'test', rows } as const;
    const scores = await scoresOnData(t, { fixture: 'onnx/lstm_legacy.onnx', data }, wanted);
    return scores.get('onnx::LSTM_109')!;
  };
  const all = await meanOf([0, STEPS]);
  const [one, other] = [await meanOf([0, STEPS / 2]), await meanOf([STEPS / 2, STEPS])];
  const mean = one.map((score, unit) => (score + other[unit]!) / 2);
  assertClose(all, mean, 1e-6, 'onnx::LSTM_109');
});
