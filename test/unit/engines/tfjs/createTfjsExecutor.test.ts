import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';
import { openModelFile } from '../../../../src/node/openModel';
import { makeCase } from './layersModels';

const { layers } = tfl;
type ConvArguments = Parameters<typeof layers.conv2d>[0];
type DepthwiseArguments = Parameters<typeof layers.depthwiseConv2d>[0];
type PoolArguments = Parameters<typeof layers.maxPooling2d>[0];
type ActivationName = NonNullable<ConvArguments['activation']>;

// Models are built, with weights, before any of them is run.
before(() => tf.setBackend('cpu'));

/** Oracle throughout: tfjs-layers 4.22.0 on the plain JavaScript backend. */
function sequential(inputShape: number[], ...rest: readonly tfl.layers.Layer[]): tfl.LayersModel {
  return tfl.sequential({ layers: [layers.inputLayer({ inputShape }), ...rest] });
}

const CONVOLUTIONS: readonly Omit<ConvArguments, 'filters'>[] = [
  { kernelSize: 3, padding: 'same' },
  { kernelSize: 3, padding: 'valid' },
  { kernelSize: 1, padding: 'valid' },
  { kernelSize: [3, 2], padding: 'same', strides: 2 },
  { kernelSize: [2, 3], padding: 'valid', strides: [2, 1] },
  { kernelSize: 4, padding: 'same', strides: [3, 2] },
  { kernelSize: 3, padding: 'same', dilationRate: 2 },
  { kernelSize: 3, padding: 'valid', dilationRate: [2, 1], useBias: false },
];

for (const options of CONVOLUTIONS) {
  test(`convolves as tfjs-layers does with ${JSON.stringify(options)}`, async (t) => {
    await assertSame(t, sequential([9, 8, 3], layers.conv2d({ filters: 5, ...options })));
  });
}

const DEPTHWISE: readonly DepthwiseArguments[] = [
  { kernelSize: 3, padding: 'same' },
  { kernelSize: 3, padding: 'valid', depthMultiplier: 2 },
  { kernelSize: [2, 3], padding: 'same', strides: [2, 2], depthMultiplier: 3, useBias: false },
];

for (const options of DEPTHWISE) {
  test(`convolves depthwise as tfjs-layers does with ${JSON.stringify(options)}`, async (t) => {
    await assertSame(t, sequential([9, 8, 3], layers.depthwiseConv2d(options)));
  });
}

const POOLS: readonly PoolArguments[] = [
  { poolSize: 2 },
  { poolSize: 2, padding: 'same' },
  { poolSize: 3, strides: 2, padding: 'same' },
  { poolSize: [3, 2], strides: [1, 2], padding: 'valid' },
];

for (const options of POOLS) {
  test(`takes maxima, also of negative values, as tfjs-layers does with ${JSON.stringify(options)}`, async (t) => {
    const negative = layers.conv2d({ filters: 2, kernelSize: 1, useBias: false });
    await assertSame(t, sequential([9, 7, 3], negative, layers.maxPooling2d(options)));
  });
  test(`averages over the values that are there with ${JSON.stringify(options)}`, async (t) => {
    await assertSame(t, sequential([9, 7, 3], layers.averagePooling2d(options)));
  });
}

test('pools globally as tfjs-layers does', async (t) => {
  await assertSame(t, sequential([5, 4, 3], layers.globalMaxPooling2d({})));
  await assertSame(t, sequential([5, 4, 3], layers.globalAveragePooling2d({})));
});

for (const axis of [-1, 3]) {
  test(`normalises along axis ${axis} with the stored statistics`, async (t) => {
    await assertSame(t, sequential([4, 5, 6], layers.batchNormalization({ axis })));
  });
}

// tfjs-layers 4.22 indexes the statistics by the last axis whatever the axis is, so it is no oracle here.
for (const axis of [1, 2]) {
  test(`normalises along axis ${axis} as along the last axis of the transposed input`, async (t) => {
    const model = sequential([4, 5, 6], layers.batchNormalization({ axis }));
    const { file, inputs } = await makeCase(t, model);
    const [gamma, beta, mean, variance] = model.getWeights().map((weight) => weight.dataSync());
    const expected = inputs[0]!.values.map((x, i) => {
      const channel = axis === 1 ? Math.floor(i / 30) % 4 : Math.floor(i / 6) % 5;
      const deviation = Math.sqrt(variance![channel]! + 1e-3);
      return ((x - mean![channel]!) / deviation) * gamma![channel]! + beta![channel]!;
    });
    assertClose((await runModel(file, inputs))[0]!, { shape: [3, 4, 5, 6], values: expected });
  });
}

test('normalises without scale or centre', async (t) => {
  const options = { scale: false, center: false, epsilon: 0.01 };
  await assertSame(t, sequential([6], layers.batchNormalization(options)));
});

const ACTIVATIONS: readonly ActivationName[] = [
  'elu',
  'hardSigmoid',
  'linear',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
  'swish',
  'mish',
  'gelu',
  'gelu_new',
];

for (const activation of ACTIVATIONS) {
  test(`activates by ${activation} as tfjs-layers does, alone and in a layer`, async (t) => {
    const model = sequential(
      [6],
      layers.dense({ units: 5, activation }),
      layers.activation({ activation }),
    );
    await assertSame(t, model);
  });
}

test('activates by layers of their own as tfjs-layers does', async (t) => {
  const all = [
    layers.reLU({ maxValue: 1.5 }),
    layers.reLU(),
    layers.leakyReLU({ alpha: 0.2 }),
    layers.leakyReLU(),
    layers.elu(),
    layers.thresholdedReLU({ theta: 0.7 }),
    layers.softmax({ axis: -1 }),
  ];
  for (const layer of all) await assertSame(t, sequential([4, 6], layer));
});

test('multiplies the last axis of inputs of any rank', async (t) => {
  await assertSame(t, sequential([3, 4, 6], layers.dense({ units: 5, useBias: false })));
});

test('reshapes, flattens, pads and drops nothing out as tfjs-layers does', async (t) => {
  const model = sequential(
    [6, 4],
    layers.reshape({ targetShape: [2, 4, 3] }),
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
    }),
    layers.dropout({ rate: 0.5 }),
    layers.gaussianNoise({ stddev: 1 }),
    layers.flatten(),
    layers.dense({ units: 4 }),
  );
  await assertSame(t, model);
});

test('flattens images with channels first in the order of channels last, as Keras does', async (t) => {
  await assertSame(t, sequential([3, 4, 5], layers.flatten({ dataFormat: 'channelsFirst' })));
});

test('runs a convolutional network with channels first', async (t) => {
  const dataFormat = 'channelsFirst';
  const conv = layers.conv2d({
    filters: 4,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    dataFormat,
  });
  const pool = layers.averagePooling2d({ poolSize: 2, padding: 'same', dataFormat });
  await assertSame(t, sequential([2, 9, 8], conv, pool));
  await assertSame(t, sequential([2, 9, 8], layers.globalMaxPooling2d({ dataFormat })));
  const padding = layers.zeroPadding2d({ padding: [1, 2], dataFormat });
  await assertSame(t, sequential([2, 4, 3], padding));
});

test('merges several inputs as tfjs-layers does', async (t) => {
  const merges = [
    layers.add(),
    layers.multiply(),
    layers.average(),
    layers.maximum(),
    layers.minimum(),
    layers.concatenate(),
    layers.concatenate({ axis: 1 }),
  ];
  for (const merge of merges) {
    const inputs = [1, 2, 3].map(() => tfl.input({ shape: [4, 5] }));
    const output = merge.apply(inputs) as tfl.SymbolicTensor;
    await assertSame(t, tfl.model({ inputs, outputs: output }));
  }
});

test('gives inputs with fewer axes new ones after the batch', async (t) => {
  const inputs = [tfl.input({ shape: [4, 5] }), tfl.input({ shape: [5] })];
  const outputs = layers.add().apply(inputs) as tfl.SymbolicTensor;
  await assertSame(t, tfl.model({ inputs, outputs }));
});

test('runs a layer at each of its calls with the same weights', async (t) => {
  const first = tfl.input({ shape: [6] });
  const second = tfl.input({ shape: [6] });
  const shared = layers.dense({ units: 6, activation: 'tanh', name: 'shared' });
  const once = shared.apply(first) as tfl.SymbolicTensor;
  const twice = shared.apply(once) as tfl.SymbolicTensor;
  const other = shared.apply(second) as tfl.SymbolicTensor;
  const sum = layers.add().apply([twice, other]) as tfl.SymbolicTensor;
  await assertSame(t, tfl.model({ inputs: [second, first], outputs: [sum, once] }));
});

test('runs models inside models', async (t) => {
  const encoder = sequential([6], layers.dense({ units: 4, activation: 'relu', name: 'inner' }));
  const input = tfl.input({ shape: [6] });
  const shifted = layers.dense({ units: 6 }).apply(input) as tfl.SymbolicTensor;
  const codes = [input, shifted].map((value) => encoder.apply(value) as tfl.SymbolicTensor);
  const outputs = layers.concatenate().apply(codes) as tfl.SymbolicTensor;
  await assertSame(t, tfl.model({ inputs: input, outputs }));
});

test('leaves no tensor behind after a run, and no weight after it is disposed', async (t) => {
  const conv = layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' });
  const model = sequential([8, 8, 3], conv, layers.batchNormalization(), layers.flatten());
  const { file, inputs } = await makeCase(t, model);
  await tf.setBackend('wasm');
  const opened = await openModelFile(file);
  t.after(() => opened.close());
  const before = tf.memory().numTensors;
  const executor = await createTfjsExecutor(opened.model, []);
  const loaded = tf.memory().numTensors;
  assert.ok(loaded > before);
  for (let run = 0; run < 3; run++) await executor.run(inputs);
  assert.equal(tf.memory().numTensors, loaded);
  await assert.rejects(executor.run([]));
  assert.equal(tf.memory().numTensors, loaded);
  executor.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('runs on WebAssembly and leaves the process its own error handlers', async () => {
  const before = ['uncaughtException', 'unhandledRejection'].map((event) =>
    process.listenerCount(event),
  );
  assert.match(await startTfjs(), /^TensorFlow\.js wasm/);
  const after = ['uncaughtException', 'unhandledRejection'].map((event) =>
    process.listenerCount(event),
  );
  assert.deepEqual(after, before);
});

async function assertSame(t: TestContext, model: tfl.LayersModel): Promise<void> {
  const { file, inputs, outputs } = await makeCase(t, model);
  const found = await runModel(file, inputs);
  assert.equal(found.length, outputs.length);
  found.forEach((output, i) => {
    assertClose(output, outputs[i]!);
  });
}

async function runModel(file: string, inputs: readonly Output[]): Promise<readonly Output[]> {
  await startTfjs();
  await tf.setBackend('wasm');
  const opened = await openModelFile(file);
  try {
    const executor = await createTfjsExecutor(opened.model, []);
    const outputs = await executor.run(inputs);
    executor.dispose();
    return outputs;
  } finally {
    await opened.close();
  }
}

interface Output {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function assertClose(found: Output, expected: Output): void {
  assert.deepEqual(found.shape, expected.shape);
  const largest = expected.values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  expected.values.forEach((value, i) => {
    const difference = Math.abs(value - found.values[i]!);
    assert.ok(difference <= 1e-5 * largest, `value ${i}: ${found.values[i]}, expected ${value}`);
  });
}
