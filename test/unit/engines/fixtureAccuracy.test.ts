// Accuracy of every convolutional fixture on the 1,000 MNIST test digits, as the framework that trained
// it has it (oracles/pruning); it may differ by one sample between engines (oracles/conventions.json).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unattended } from '../../../src/core/progress';
import type { DataRecipe } from '../../../src/core/recipe/recipe';
import { evaluatedFile } from '../../helpers/evaluatedFile';
import { fixturePath, readOracle } from '../../helpers/fixtures';
import { beforeOf } from '../../helpers/pruningOracle';

const mnist: DataRecipe = {
  file: fixturePath('datasets/mnist.npz'),
  split: 'test',
  scale: 1 / 255,
};

/** By oracle: the files of the network. */
const FIXTURES: Readonly<Record<string, readonly string[]>> = {
  keras_lenet5: [
    'keras/lenet5.keras',
    'keras/lenet5.h5',
    'keras/lenet5_keras2style.h5',
    'tfjs/lenet5',
    'tfjs/lenet5_sharded',
    'tfjs/lenet5_keras3_converter',
    'tfjs/lenet5_graph',
  ],
  keras_resbn: ['keras/resbn.keras', 'keras/resbn.h5', 'keras/resbn_keras2style.h5', 'tfjs/resbn'],
  lenet5: ['onnx/lenet5_legacy.onnx', 'onnx/lenet5_dynamo.onnx', 'onnx/lenet5_external.onnx'],
  resnet: ['onnx/resnet_bn_folded.onnx', 'onnx/resnet_bn_unfolded.onnx', 'onnx/resnet_dynamo.onnx'],
  mobilenet: ['onnx/mobilenet_bn_folded.onnx', 'onnx/mobilenet_bn_unfolded.onnx'],
  densenet: ['onnx/densenet_bn_unfolded.onnx', 'onnx/densenet_dynamo.onnx'],
};

for (const [oracle, files] of Object.entries(FIXTURES)) {
  for (const file of files) {
    test(`${file} has the accuracy of ${oracle}`, async () => {
      const { correct = NaN, n } = beforeOf(await readOracle(`pruning/${oracle}`));
      const request = {
        path: fixturePath(file),
        architecture: null,
        cuts: [],
        data: mnist,
        seed: 0,
      };
      const found = await evaluatedFile(request, unattended);
      assert.equal(found.samples, n);
      const off = Math.abs((found.correct ?? NaN) - correct);
      assert.ok(off <= 1, `${found.correct} correct on ${found.engine}, expected ${correct}`);
    });
  }
}
