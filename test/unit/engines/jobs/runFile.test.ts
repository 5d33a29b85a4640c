import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { runFile } from '../../../../src/engines/jobs/runFile';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';
import { modelBytes } from '../../core/formats/onnx/onnxNodes';
import { irisArchitecture } from '../tfjs/modelFixtures';

/** Expected outputs: Keras 3.15.1 (TensorFlow 2.21) and torch 2.13.0 in float64, in oracles/outputs. */
const MODELS = [
  ['tfjs/digits_mlp/model.json', 'tfjs__digits_mlp.npz'],
  ['tfjs/lenet5/model.json', 'tfjs__lenet5.npz'],
  ['tfjs/lenet5_sharded/model.json', 'tfjs__lenet5.npz'],
  ['tfjs/lenet5_keras3_converter/model.json', 'tfjs__lenet5.npz'],
  ['tfjs/resbn/model.json', 'tfjs__resbn.npz'],
  ['tfjs/autoencoder/model.json', 'tfjs__autoencoder.npz'],
] as const;

for (const [model, oracle] of MODELS) {
  test(`gives the outputs of the framework that trained ${model}`, async (t) => {
    const found = await run(t, fixturePath(model), fixturePath('oracles/outputs', oracle));
    const expected = await readArray(fixturePath('oracles/outputs', oracle), 'output0');
    assertClose(found, expected);
  });
}

test('gives the outputs of a NumPy network through the architecture of a recipe', async (t) => {
  const oracle = fixturePath('oracles/outputs/numpy__iris_mlp.npz.npz');
  const model = fixturePath('numpy/iris_mlp.npz');
  assertClose(await run(t, model, oracle, irisArchitecture), await readArray(oracle, 'output0'));
});

test('names the arrays that are there when an input has none', async (t) => {
  const model = fixturePath('tfjs/digits_mlp/model.json');
  await assert.rejects(run(t, model, fixturePath('datasets/mnist.npz')), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /fc1_input.*x_train/);
    return true;
  });
});

test('says both shapes when an input does not fit', async (t) => {
  const model = fixturePath('tfjs/digits_mlp/model.json');
  const inputs = fixturePath('oracles/outputs/numpy__iris_mlp.npz.npz');
  await assert.rejects(run(t, model, inputs), /a sample is \[4\].*takes \[64\]/);
});

test('runs inputs of different first sizes as they are, and keeps a scalar one', async (t) => {
  const folder = await temporaryFolder(t);
  const model = path.join(folder, 'm.onnx');
  const inputs = path.join(folder, 'x.npz');
  const values = [1, 2, 3, 4, 5, 6];
  const [a, b] = [
    { type: 'float32', shape: [3, 2], values },
    { type: 'float32', shape: [2, 1], values: [10, 100] },
  ] as const;
  const nodes = [
    { op: 'MatMul', inputs: ['a', 'b'], outputs: ['product'] },
    { op: 'ReduceMax', inputs: ['product'], attributes: { keepdims: 0 } },
  ];
  await writeFile(model, modelBytes({ opset: 13, nodes, inputs: { a, b } }));
  const arrays = Object.entries({ a, b }).map(([name, array]) => ({
    name,
    shape: array.shape,
    values: Float32Array.from(array.values),
  }));
  await writeFile(inputs, encodeNpz(arrays));
  const output = path.join(folder, 'y.npz');
  const params = { path: model, architecture: null, inputs, output };
  const { outputs } = await runFile(params, unattended);
  assert.deepEqual(
    outputs.map(({ shape }) => shape),
    [[]],
  );
  assert.deepEqual([...(await readArray(output, outputs[0]!.name))], [650]);
});

async function run(
  t: TestContext,
  model: string,
  inputs: string,
  architecture: Parameters<typeof runFile>[0]['architecture'] = null,
): Promise<Float32Array | Float64Array> {
  const output = path.join(await temporaryFolder(t), 'y.npz');
  const params = { path: model, architecture, inputs, output };
  const { outputs } = await runFile(params, unattended);
  const [{ name } = { name: '' }] = outputs;
  return readArray(output, name);
}

async function readArray(file: string, name: string): Promise<Float32Array | Float64Array> {
  const opened = await openModelFile(file);
  try {
    const tensor = opened.model.tensors.find((candidate) => candidate.name === name);
    assert.ok(tensor, `${file} has ${name}`);
    return await readTensorValues(opened.model, tensor);
  } finally {
    await opened.close();
  }
}

/** |a - b| <= 1e-5 max(1, max |b|). */
function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(found.length, expected.length);
  let largest = 1;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!));
  }
  assert.ok(difference <= 1e-5 * largest, `the largest difference is ${difference}`);
}
