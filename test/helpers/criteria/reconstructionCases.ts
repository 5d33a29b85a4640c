import {
  outputError,
  readReconstructionArrays,
  readReconstructionOracle,
  type ReconstructedLayer,
  type ReconstructionOracle,
} from '../reconstructionOracle';
import { fixturePath } from '../fixtures';
import { keptDigest, prunedArrays } from './commands';
import { type CriterionCase, countOther, EXACT, SINGLE, singleDifference } from './criterionCase';
import { DIGITS, type ScoredNetwork } from './networks';

interface Method {
  readonly criterion: string;
  readonly compared: string;
  readonly options?: object;
  readonly expected: (oracle: ReconstructionOracle) => ReconstructedLayer;
  /** The array beside the oracle that has the new weights. */
  readonly array?: string;
}

const METHODS: readonly Method[] = [
  {
    criterion: 'sparsegpt',
    compared: 'blocks of 128',
    expected: ({ sparsegpt_block128 }) => sparsegpt_block128,
  },
  {
    criterion: 'sparsegpt',
    compared: 'blocks of 16',
    options: { blockSize: 16 },
    expected: ({ sparsegpt_block16 }) => sparsegpt_block16,
  },
  {
    criterion: 'obs',
    compared: 'each output by itself',
    expected: ({ obs_exact_per_row }) => obs_exact_per_row,
    array: 'W_obs',
  },
  {
    criterion: 'least-squares',
    compared: 'each output by itself',
    expected: ({ magnitude_per_row, least_squares_on_magnitude_per_row_mask: { mse } }) => ({
      ...magnitude_per_row,
      mse,
    }),
    array: 'W_ls',
  },
  {
    criterion: 'wanda',
    compared: 'each output by itself, not updated',
    expected: ({ wanda_per_row }) => wanda_per_row,
  },
  {
    criterion: 'magnitude',
    compared: 'the layer as a whole, not updated',
    expected: ({ magnitude_per_layer }) => magnitude_per_layer,
  },
];

/** Layer fc2 at 50 %, scored and updated on 256 rows, from the file that is written. */
export function reconstructionCases(): readonly CriterionCase[] {
  return DIGITS.flatMap((network) => METHODS.flatMap((method) => casesOf(network, method)));
}

function casesOf(network: ScoredNetwork, method: Method): readonly CriterionCase[] {
  const { criterion, compared, expected, array } = method;
  const common = { criterion, fixture: network.fixture, oracle: 'digits_mlp' };
  return [
    {
      ...common,
      compared: `fc2 at 50 %, ${compared}: which weights go`,
      tolerance: EXACT,
      async measure() {
        const { pruned, mask_sha256: digest } = expected(await readReconstructionOracle());
        const weights = await prunedLayer(network, method);
        const zeros = weights.filter((weight) => weight === 0).length;
        const found = keptDigest({ shape: [], values: weights });
        return countOther([
          [zeros, pruned],
          [found, digest],
        ]);
      },
    },
    {
      ...common,
      compared: `fc2 at 50 %, ${compared}: squared error of its outputs`,
      tolerance: SINGLE,
      async measure() {
        const { mse } = expected(await readReconstructionOracle());
        const arrays = await readReconstructionArrays();
        const weights = await prunedLayer(network, method);
        const error = outputError(arrays.get('X')!, arrays.get('W')!, weights, 64);
        return Math.abs(error - mse) / mse;
      },
    },
    ...(array === undefined ? [] : [weightsCase(network, method, array)]),
  ];
}

function weightsCase(network: ScoredNetwork, method: Method, array: string): CriterionCase {
  return {
    criterion: method.criterion,
    fixture: network.fixture,
    oracle: 'digits_mlp',
    compared: `fc2 at 50 %, ${method.compared}: new weights (${array})`,
    tolerance: SINGLE,
    async measure() {
      const arrays = await readReconstructionArrays();
      return singleDifference(await prunedLayer(network, method), arrays.get(array)!);
    },
  };
}

/** fc2 as the written file has it, [outputs, inputs]. */
async function prunedLayer(
  { fixture, fields }: ScoredNetwork,
  { criterion, options = {} }: Method,
): Promise<Float64Array> {
  const data = {
    file: fixturePath('datasets/digits.npz'),
    split: 'train',
    rows: [0, 256],
    scale: 1 / 16,
  };
  // PyTorch's newer exporter numbers the layers instead of naming them.
  const glob = fixture.includes('dynamo') ? '*linear_1' : '*fc2*';
  const recipe = { ...fields, data, criterion, options, sparsity: 0.5, only: [glob] };
  const arrays = await prunedArrays(fixture, recipe);
  const layer = [...arrays].find(([name]) => name.includes('fc2') && name.includes('weight'));
  if (layer === undefined) throw new Error(`${fixture} has no weights of fc2`);
  return layer[1].values;
}
