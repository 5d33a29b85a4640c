import { digitsArchitecture, irisArchitecture } from '../../unit/engines/tfjs/modelFixtures';
import { fixturePath } from '../fixtures';
import type { FoundArray } from './commands';
import { transposedArray } from './commands';

/** A fixture with what scores on it are found on, as fields of a recipe. */
export interface ScoredNetwork {
  readonly fixture: string;
  readonly fields: object;
}

const DIGITS_BATCH = {
  file: fixturePath('datasets/digits.npz'),
  split: 'train',
  rows: [0, 64],
  scale: 1 / 16,
  loss: 'ce-logits',
};

/** The digits network in three files, on the oracle's batch. */
export const DIGITS: readonly ScoredNetwork[] = [
  {
    fixture: 'pytorch/digits_mlp_state.pt',
    fields: { architecture: digitsArchitecture, data: DIGITS_BATCH },
  },
  { fixture: 'onnx/digits_mlp_legacy.onnx', fields: { data: DIGITS_BATCH } },
  { fixture: 'onnx/digits_mlp_dynamo.onnx', fields: { data: DIGITS_BATCH } },
];

/** The iris network, on the oracle's batch. */
export const IRIS: ScoredNetwork = {
  fixture: 'numpy/iris_mlp.npz',
  fields: {
    architecture: irisArchitecture,
    data: { file: fixturePath('datasets/iris.csv'), rows: [0, 64], loss: 'mse' },
  },
};

/** The iris network's weights as the oracles hold them, [out, in], one after the other. */
export function irisWeights(found: ReadonlyMap<string, FoundArray>): readonly Float64Array[] {
  return ['W1', 'W2'].map((name) => {
    const array = found.get(name);
    if (array === undefined) throw new Error(`no scores of ${name}`);
    return transposedArray(array).values;
  });
}
