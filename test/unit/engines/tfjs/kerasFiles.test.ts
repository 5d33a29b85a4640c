// Outputs of Keras files on the own executor, as Keras 3.15.1 (TensorFlow 2.21) computed them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { runFile } from '../../../../src/engines/tfjs/runFile';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const TOLERANCE = 1e-5;

async function arraysOf(file: string): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const opened = await openModelFile(file);
  const { model } = opened;
  try {
    const arrays = new Map<string, ArrayLike<number>>();
    for (const tensor of model.tensors) {
      arrays.set(tensor.name, await readTensorValues(model, tensor));
    }
    return arrays;
  } finally {
    await opened.close();
  }
}

const MODELS = ['digits_mlp20', 'digits_mlp', 'lenet5', 'resbn', 'autoencoder'];
const FILES = [...MODELS, 'siamese_nested_shared'].flatMap((name) => [
  [`${name}.keras`, `${name}.keras`],
  [`${name}.h5`, `${name}.h5`],
]);
FILES.push(['lenet5_keras2style.h5', 'lenet5.h5'], ['resbn_keras2style.h5', 'resbn.h5']);

for (const [file = '', oracle = ''] of FILES) {
  test(`gives the outputs of Keras for ${file}`, async (t) => {
    const inputs = fixturePath('oracles/outputs', `keras__${oracle}.npz`);
    const output = path.join(await temporaryFolder(t), 'y.npz');
    const params = { path: fixturePath('keras', file), architecture: null, inputs, output };
    const { outputs } = await runFile(params, unattended);
    const [expected, found] = [await arraysOf(inputs), await arraysOf(output)];
    for (const [i, { name }] of outputs.entries()) {
      const wanted = expected.get(`output${i}`)!;
      const values = found.get(name)!;
      assert.equal(values.length, wanted.length);
      const largest = Math.max(1, ...Array.from(wanted, Math.abs));
      for (let j = 0; j < wanted.length; j++) {
        assert.ok(Math.abs(values[j]! - wanted[j]!) <= TOLERANCE * largest, `${name}[${j}]`);
      }
    }
  });
}
