// Keras, TensorFlow.js and NumPy fixtures on the own executor. Expected outputs: Keras 3.15.1 (TensorFlow 2.21),
// TensorFlow.js 4.22.0 and NumPy 2.4.6.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opaqueOperators } from '../../../../../src/core/graph/opaqueOperators';
import { fixturePath } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import { numberedArrays, readArrays } from '../../../../helpers/npzArrays';
import { relativeDifference } from '../../../../helpers/outputDifference';
import { keepsTolerance, outputOracles, runOracle } from '../../../../helpers/outputOracles';
import { runModelFile } from '../../../../helpers/runModelFile';

test('the own executor gives the outputs of what made each Keras, TensorFlow.js and NumPy fixture', async (t) => {
  const oracles = await outputOracles(['keras', 'tfjs', 'numpy']);
  assert.equal(oracles.length, 23);
  for (const oracle of oracles) {
    await t.test(oracle.model, async () => {
      const found = await runOracle(oracle, 'tfjs');
      assert.match(found.engine, /^TensorFlow\.js wasm/);
      assert.ok(keepsTolerance(oracle, found), JSON.stringify(found));
    });
  }
});

/** Fixtures of the same weights as one that has an oracle, and how far quantisation may take them. */
const SIBLINGS: readonly (readonly [file: string, oracle: string, tolerance: number])[] = [
  ['keras/lenet5_keras2style.h5', 'keras__lenet5.h5', 1e-5],
  ['keras/resbn_keras2style.h5', 'keras__resbn.h5', 1e-5],
  ['tfjs/digits_mlp_f16', 'tfjs__digits_mlp', 1e-3],
  ['tfjs/digits_mlp_u8_sharded', 'tfjs__digits_mlp', 5e-2],
  ['tfjs/digits_mlp_mixed_groups', 'tfjs__digits_mlp', 1e-4],
  ['tfjs/digits_mlp_graph', 'tfjs__digits_mlp', 1e-5],
  ['tfjs/lenet5_sharded', 'tfjs__lenet5', 1e-5],
  ['tfjs/lenet5_u8', 'tfjs__lenet5', 5e-2],
  ['tfjs/lenet5_keras3_converter', 'tfjs__lenet5', 1e-5],
  ['tfjs/lenet5_graph', 'tfjs__lenet5', 1e-5],
];

for (const [file, oracle, tolerance] of SIBLINGS) {
  test(`${file} gives what its sibling gives, within ${tolerance}`, async () => {
    const arrays = await readArrays(`oracles/outputs/${oracle}.npz`);
    const path = file.startsWith('tfjs') ? fixturePath(file, 'model.json') : fixturePath(file);
    const found = await runModelFile(path, numberedArrays(arrays, 'input'));
    const expected = numberedArrays(arrays, 'output');
    assert.equal(found.length, expected.length);
    found.forEach((output, i) => {
      assert.ok(relativeDifference(output, expected[i]!) <= tolerance, output.name);
    });
  });
}

for (const file of ['layers_zoo.keras', 'layers_zoo.h5', 'layers_zoo_deflated.keras']) {
  test(`writes every class of ${file} out but convolution over three axes`, async (t) => {
    const { model } = await openFixture(t, 'keras', file);
    assert.deepEqual(opaqueOperators(model.graph!), ['Conv3D']);
  });
}
