import { readOracle } from '../fixtures';
import { readArrays } from '../npzArrays';
import { scoresOf } from './commands';
import {
  type CriterionCase,
  DOUBLE,
  relativeDifference,
  SINGLE,
  singleDifference,
  worstOf,
} from './criterionCase';
import { DIGITS, IRIS, irisWeights, type ScoredNetwork } from './networks';

/** What the oracles call a criterion. */
interface Compared {
  readonly key: string;
  readonly criterion: string;
  readonly options?: object;
}

const COMPARED: readonly Compared[] = [
  { key: 'grad_abs', criterion: 'gradient' },
  { key: 'snip_taylor1_abs', criterion: 'taylor' },
  { key: 'snip_taylor1_abs', criterion: 'snip' },
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

interface IrisOracle {
  readonly criteria: Readonly<Record<string, { readonly layers: LayerValues }>>;
  readonly obd_obs: Readonly<Record<string, readonly number[]>> & {
    readonly obs_gauss_newton: { readonly saliency: readonly number[] };
  };
}

type LayerValues = Readonly<Record<string, { readonly values: readonly number[] }>>;

const WEIGHTS = ['fc1.weight', 'fc2.weight', 'fc3.weight'];

/** Criteria by derivatives: every weight. Biases are not scored, so what the oracles say of them is left out. */
export function derivativeCases(): readonly CriterionCase[] {
  return [
    ...DIGITS.flatMap((network) => [
      magnitudeSums(network),
      ...COMPARED.map((one) => digitsCase(network, one)),
      ...neuronCases(network),
    ]),
    magnitudeValues(),
    ...COMPARED.map(irisCase),
    ...curvatureCases(),
  ];
}

function digitsCase({ fixture, fields }: ScoredNetwork, compared: Compared): CriterionCase {
  const { criterion, key, options = {} } = compared;
  return {
    criterion,
    fixture,
    oracle: 'digits_mlp',
    compared: `scores of all weights (${key})`,
    tolerance: SINGLE,
    measure: async () => {
      const wanted = await readArrays('oracles/pruning/digits_mlp_criteria.npz');
      const found = await scoresOf(fixture, { ...fields, criterion, options });
      const expected = WEIGHTS.map((name) => wanted.get(`${key}/${name}`)!.values);
      return worstOf(WEIGHTS.entries(), ([i, name]) =>
        Promise.resolve(
          singleDifference(found.get(name)!.values, asShares(criterion, expected)[i]!),
        ),
      );
    },
  };
}

/** SNIP's scores are the shares in the sum over all scored weights; the oracle has them before the division. */
function asShares(
  criterion: string,
  layers: readonly ArrayLike<number>[],
): readonly ArrayLike<number>[] {
  if (criterion !== 'snip') return layers;
  const total = layers.flatMap((values) => Array.from(values)).reduce((sum, one) => sum + one, 0);
  return layers.map((values) => Array.from(values, (value) => value / total));
}

function magnitudeSums({ fixture }: ScoredNetwork): CriterionCase {
  return {
    criterion: 'magnitude',
    fixture,
    oracle: 'digits_mlp',
    compared: 'scores: sum, smallest and largest of each layer',
    tolerance: DOUBLE,
    measure: async () => {
      const { criteria } = (await readOracle('pruning/digits_mlp')) as {
        criteria: {
          magnitude: {
            layers: Readonly<Record<string, Readonly<Record<'sum' | 'min' | 'max', number>>>>;
          };
        };
      };
      const found = await scoresOf(fixture, { criterion: 'magnitude' });
      return worstOf(WEIGHTS, (name) => {
        const { values } = found.get(name)!;
        const { sum, min, max } = criteria.magnitude.layers[name]!;
        const total = values.reduce((one, other) => one + other, 0);
        const figures = [total, Math.min(...values), Math.max(...values)];
        return Promise.resolve(relativeDifference(figures, [sum, min, max]));
      });
    },
  };
}

function neuronCases({ fixture, fields }: ScoredNetwork): readonly CriterionCase[] {
  return ['', ' signed'].map((form): CriterionCase => ({
    criterion: 'taylor',
    fixture,
    oracle: 'digits_mlp',
    compared: `scores of what neurons give (neuron_taylor${form})`,
    tolerance: SINGLE,
    measure: async () => {
      const { neuron_taylor: oracle } = (await readOracle('pruning/digits_mlp')) as {
        neuron_taylor: Readonly<Record<string, readonly number[]>>;
      };
      const reduction = form === '' ? {} : { reduction: 'signed-sum' };
      const recipe = {
        ...fields,
        criterion: 'taylor',
        granularity: 'unit',
        options: { of: 'activations', ...reduction },
      };
      const found = await scoresOf(fixture, recipe);
      return worstOf(['fc1', 'fc2'], (layer) =>
        Promise.resolve(
          singleDifference(found.get(`${layer}.weight`)!.values, oracle[`relu(${layer})${form}`]!),
        ),
      );
    },
  }));
}

function irisExpected(layers: LayerValues): readonly (readonly number[])[] {
  return ['fc1.weight', 'fc2.weight'].map((name) => layers[name]?.values ?? []);
}

function irisCase({ criterion, key, options = {} }: Compared): CriterionCase {
  return irisComparison({
    criterion,
    compared: `scores of all weights (${key})`,
    fields: { criterion, options },
    expectedOf: ({ criteria }) => asShares(criterion, irisExpected(criteria[key]!.layers)),
  });
}

function magnitudeValues(): CriterionCase {
  return {
    ...irisComparison({
      criterion: 'magnitude',
      compared: 'scores of all weights (magnitude)',
      fields: { criterion: 'magnitude' },
      expectedOf: ({ criteria }) => irisExpected(criteria['magnitude']!.layers),
    }),
    tolerance: DOUBLE,
  };
}

/** Weights among the oracle's 67 parameters, which are fc1.weight, fc1.bias, fc2.weight and fc2.bias. */
function weightsAmong(parameters: readonly number[]): readonly (readonly number[])[] {
  return [parameters.slice(0, 32), parameters.slice(40, 64)];
}

function curvatureCases(): readonly CriterionCase[] {
  return [
    irisComparison({
      criterion: 'obd',
      compared: 'scores of all weights (obd_saliency_exact)',
      fields: { criterion: 'obd', options: { hessian: 'exact' } },
      expectedOf: (oracle) => weightsAmong(oracle.obd_obs['obd_saliency_exact']!),
    }),
    irisComparison({
      criterion: 'obd',
      compared: 'scores of all weights (obd_saliency_gauss_newton)',
      fields: { criterion: 'obd', options: { hessian: 'gauss-newton' } },
      expectedOf: (oracle) => weightsAmong(oracle.obd_obs['obd_saliency_gauss_newton']!),
    }),
    irisComparison({
      criterion: 'obs',
      compared: 'scores of all weights (obs_gauss_newton.saliency)',
      fields: { criterion: 'obs', options: { extent: 'network', damping: 1e-4 } },
      expectedOf: (oracle) => weightsAmong(oracle.obd_obs.obs_gauss_newton.saliency),
    }),
  ];
}

interface IrisComparison {
  readonly criterion: string;
  readonly compared: string;
  readonly fields: object;
  readonly expectedOf: (oracle: IrisOracle) => readonly ArrayLike<number>[];
}

function irisComparison({
  criterion,
  compared,
  fields,
  expectedOf,
}: IrisComparison): CriterionCase {
  return {
    criterion,
    fixture: IRIS.fixture,
    oracle: 'iris_mlp',
    compared,
    tolerance: SINGLE,
    measure: async () => {
      const oracle = (await readOracle('pruning/iris_mlp')) as IrisOracle;
      const found = irisWeights(await scoresOf(IRIS.fixture, { ...IRIS.fields, ...fields }));
      return worstOf(expectedOf(oracle).entries(), ([i, expected]) =>
        Promise.resolve(singleDifference(found[i]!, expected)),
      );
    },
  };
}
