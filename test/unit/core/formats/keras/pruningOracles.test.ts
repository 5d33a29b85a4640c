// Masks and counts of magnitude pruning at every level, by NumPy on the weights of the Keras models.
import { readFileSync } from 'node:fs';
import type { PlanEntry } from '../../../../../src/core/report/plan';
import { fixturePath } from '../../../../helpers/fixtures';
import { testPruningOracle } from '../../../../helpers/pruningOracles';

interface KerasOracle {
  readonly tensors: readonly { readonly name: string; readonly sha256: string }[];
  readonly info: {
    readonly variables?: readonly { readonly variable: string; readonly sha256: string }[];
  };
}

/** Keras' own name of a variable in a `.keras` file, by the bytes that both have. */
function variableNames(file: string): (entry: PlanEntry) => string {
  const path = fixturePath(`oracles/tensors/keras__${file}.json`);
  const { tensors, info } = JSON.parse(readFileSync(path, 'utf8')) as KerasOracle;
  const variables = new Map(info.variables!.map((one) => [one.sha256, one.variable]));
  const digests = new Map(tensors.map((one) => [one.name, one.sha256]));
  return ({ tensor }) => variables.get(digests.get(tensor)!)!;
}

/** `model_weights/<layer>/[<model>/]<layer>/…`: what the layer's name begins. */
function weightName({ tensor }: PlanEntry): string {
  const [, layer = '', ...rest] = tensor.split('/');
  return rest.slice(rest.indexOf(layer)).join('/').replace(/:0$/, '');
}

const MODELS = ['digits_mlp20', 'digits_mlp', 'lenet5', 'resbn', 'lstm', 'gru', 'autoencoder'];
for (const model of [...MODELS, 'diabetes_mlp']) {
  const oracle = `keras_${model}`;
  const names = variableNames(`${model}.keras`);
  testPruningOracle({ oracle, fixture: `keras/${model}.keras`, oracleName: names });
  testPruningOracle({ oracle, fixture: `keras/${model}.h5`, oracleName: weightName });
}
for (const model of ['lenet5', 'resbn']) {
  const fixture = `keras/${model}_keras2style.h5`;
  testPruningOracle({ oracle: `keras_${model}`, fixture, oracleName: weightName });
}
