// Masks and counts of magnitude pruning at every level of the oracles: torch.nn.utils.prune (torch
// 2.13.0) on safetensors and npz, NumPy on the weights of the Keras models in their TF.js files.
import type { PlanEntry } from '../../../../src/core/report/plan';
import { type PruningCase, testPruningOracle } from '../../../helpers/pruningOracles';

const byLayer = (entry: PlanEntry): string => entry.layer;
const byTensor = (entry: PlanEntry): string => entry.tensor;
/** Of a frozen graph: the layer's scope, which has the model's name before and a number after. */
const byScope = (entry: PlanEntry): string => entry.layer.replace(/^.*\/(\w+)_1$/, '$1/kernel');
const IRIS: Readonly<Record<string, string>> = { W1: 'fc1', W2: 'fc2' };

const CASES: readonly PruningCase[] = [
  {
    oracle: 'iris_mlp',
    fixture: 'numpy/iris_mlp.npz',
    oracleName: ({ tensor }) => IRIS[tensor]!,
    transposed: true,
  },
  {
    oracle: 'iris_mlp',
    fixture: 'numpy/iris_mlp_compressed.npz',
    oracleName: ({ tensor }) => IRIS[tensor]!,
    transposed: true,
  },
  { oracle: 'digits_mlp', fixture: 'safetensors/digits_mlp_f32.safetensors', oracleName: byLayer },
  { oracle: 'lenet5', fixture: 'safetensors/lenet5_sharded', oracleName: byLayer },
  { oracle: 'resnet', fixture: 'safetensors/resnet.safetensors', oracleName: byLayer },
  { oracle: 'keras_digits_mlp', fixture: 'tfjs/digits_mlp', oracleName: byTensor },
  { oracle: 'keras_lenet5', fixture: 'tfjs/lenet5', oracleName: byTensor },
  { oracle: 'keras_lenet5', fixture: 'tfjs/lenet5_sharded', oracleName: byTensor },
  { oracle: 'keras_resbn', fixture: 'tfjs/resbn', oracleName: byTensor },
  { oracle: 'keras_autoencoder', fixture: 'tfjs/autoencoder', oracleName: byTensor },
  { oracle: 'keras_digits_mlp', fixture: 'tfjs/digits_mlp_graph', oracleName: byScope },
  { oracle: 'keras_lenet5', fixture: 'tfjs/lenet5_graph', oracleName: byScope },
];

for (const one of CASES) testPruningOracle(one);
