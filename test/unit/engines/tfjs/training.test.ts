// Training on the own executor; oracle: tfjs-layers 4.22.0 on the plain JavaScript backend.
import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { CancelledError, UsageError } from '../../../../src/core/errors';
import type {
  DenseArray,
  DifferentiableExecutor,
  LossObjective,
  Optimizer,
} from '../../../../src/core/graph/executor';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';
import { openForTest } from '../../../helpers/modelFixtures';
import { type LayersModelCase, makeCase } from './layersModels';

const { layers } = tfl;

// The engine is started as it is in use; models are built on the plain backend.
before(async () => {
  await startTfjs();
  await tf.setBackend('cpu');
});

/** A small network of everything that has weights or differs in training, but for dropout. */
function convolutional(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      // Without bias, whose gradient before a normalization is nothing but rounding errors.
      layers.conv2d({
        inputShape: [8, 8, 2],
        filters: 4,
        kernelSize: 3,
        useBias: false,
        name: 'conv',
      }),
      layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
      layers.activation({ activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softmax', name: 'out' }),
    ],
  });
}

const CLASSES = [2, 0, 1];
const RATE = 0.05;

const objective: LossObjective = {
  kind: 'loss',
  loss: 'ce',
  targets: { kind: 'classes', classes: CLASSES },
};

async function open(t: TestContext, { file }: LayersModelCase): Promise<DifferentiableExecutor> {
  await tf.setBackend('wasm');
  const { model } = await openForTest(t, file);
  const executor = await createTfjsExecutor(model, []);
  t.after(() => {
    executor.dispose();
  });
  return executor;
}

interface OptimizerCase {
  readonly name: string;
  readonly own: Optimizer;
  readonly theirs: () => tf.Optimizer;
}

const OPTIMIZERS: readonly OptimizerCase[] = [
  { name: 'Adam', own: { kind: 'adam' }, theirs: () => tf.train.adam(RATE) },
  { name: 'descent', own: { kind: 'sgd' }, theirs: () => tf.train.sgd(RATE) },
  {
    name: 'momentum',
    own: { kind: 'sgd', momentum: 0.9 },
    theirs: () => tf.train.momentum(RATE, 0.9),
  },
  {
    name: "Nesterov's momentum",
    own: { kind: 'sgd', momentum: 0.9, nesterov: true },
    theirs: () => tf.train.momentum(RATE, 0.9, true),
  },
];

const STEPS = 4;
const TRAINED = ['conv/kernel', 'norm/gamma', 'norm/beta', 'out/kernel', 'out/bias'];

/** Losses and weights of tfjs-layers, by name. */
async function trainByLayers(
  model: tfl.LayersModel,
  inputs: readonly DenseArray[],
  optimizer: tf.Optimizer,
) {
  await tf.setBackend('cpu');
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const x = tf.tensor(inputs[0]!.values, [...inputs[0]!.shape]);
  const y = tf.oneHot(tf.tensor1d(CLASSES, 'int32'), 3);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  const weights = model.weights.map((weight) => [
    weight.originalName.replace(/_\d+\//, '/'),
    weight.read().dataSync() as Float32Array,
  ]);
  return { losses, weights: new Map(weights as [string, Float32Array][]) };
}

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(found.length, expected.length, what);
  Array.from(expected).forEach((value, i) => {
    const text = `${what}[${i}]: ${found[i]} for ${value}`;
    assert.ok(Math.abs(found[i]! - value) <= 2e-4 * Math.max(1, Math.abs(value)), text);
  });
}

for (const { name, own, theirs } of OPTIMIZERS) {
  test(`trains by ${name}, statistics included, as tfjs-layers does`, async (t) => {
    const model = convolutional();
    const given = await makeCase(t, model);
    const expected = await trainByLayers(model, given.inputs, theirs());
    const executor = await open(t, given);
    const trainer = executor.train({ optimizer: own, parameters: TRAINED, seed: 1 });
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      losses.push(await trainer.step({ inputs: given.inputs, objective, learningRate: RATE }));
    }
    trainer.dispose();
    assert.equal(trainer.steps, STEPS);
    assertClose(losses, expected.losses, 'loss');
    for (const [tensor, { values }] of await executor.readParameters()) {
      assertClose(values, expected.weights.get(tensor)!, tensor);
    }
  });
}

test('leaves running statistics as they are when it trains the network as it is run', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const names = ['norm/moving_mean', 'norm/moving_variance', 'norm/beta', 'conv/kernel'];
  const before = await executor.readParameters(names);
  const options = { optimizer: { kind: 'adam' }, parameters: ['conv/kernel'], seed: 1 } as const;
  const trainer = executor.train({ ...options, mode: 'inference' });
  await trainer.step({ inputs: given.inputs, objective, learningRate: RATE });
  trainer.dispose();
  const after = await executor.readParameters(names);
  for (const name of names.slice(0, 3)) assert.deepEqual(after.get(name), before.get(name));
  assert.notDeepEqual(after.get('conv/kernel'), before.get('conv/kernel'));
});

test('keeps masked weights at zero through every step', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const mask = Uint8Array.from({ length: 3 * 3 * 2 * 4 }, (_, i) => Number(i % 3 === 0));
  const masks = new Map([['conv/kernel', mask]]);
  const options = { optimizer: { kind: 'adam' }, parameters: TRAINED, seed: 1 } as const;
  const trainer = executor.train({ ...options, masks });
  for (let step = 0; step < 3; step++) {
    await trainer.step({ inputs: given.inputs, objective, learningRate: RATE });
    const { values } = (await executor.readParameters(['conv/kernel'])).get('conv/kernel')!;
    values.forEach((value, i) => {
      assert.equal(value === 0, mask[i] === 0, `weight ${i}`);
    });
  }
  trainer.dispose();
});

test('drops the same elements for the same seed, and others for another', async (t) => {
  const model = tfl.sequential({
    layers: [
      layers.dense({ inputShape: [6], units: 8, name: 'first' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 3, activation: 'softmax', name: 'out' }),
    ],
  });
  const given = await makeCase(t, model);
  const executor = await open(t, given);
  const lossOf = async (seed: number): Promise<number> => {
    const request = { inputs: given.inputs, objective, parameters: ['first/kernel'] };
    return (await executor.gradients({ ...request, mode: { kind: 'training', seed } })).objective;
  };
  const losses = [await lossOf(1), await lossOf(1), await lossOf(2)];
  assert.equal(losses[0], losses[1]);
  assert.notEqual(losses[0], losses[2]);
});

test('reads back the parameters that were written', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const values = Float32Array.from({ length: 72 }, (_, i) => i / 100);
  await executor.writeParameters(new Map([['conv/kernel', values]]));
  const found = await executor.readParameters(['conv/kernel']);
  assert.deepEqual(found.get('conv/kernel'), { shape: [3, 3, 2, 4], values });
  await assert.rejects(executor.writeParameters(new Map([['out/bias', values]])), UsageError);
  await assert.rejects(executor.readParameters(['conv/absent']), UsageError);
});

test('gives activations and the gradients with respect to them', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const { model } = await openForTest(t, given.file);
  const input = model.graph!.inputs[0]!.value;
  const { inputs } = given;
  const found = await executor.gradients({ inputs, objective, activations: [input] });
  const { value, gradient } = found.activations.get(input)!;
  assert.deepEqual(value, inputs[0]);
  const lossAt = async (index: number, step: number): Promise<number> => {
    const values = inputs[0]!.values.slice();
    values[index]! += step;
    const moved = [{ shape: inputs[0]!.shape, values }];
    return (await executor.gradients({ inputs: moved, objective })).objective;
  };
  const steepest = Math.max(...gradient.values.map(Math.abs));
  for (const index of [0, 77, 200, 383]) {
    const slope = ((await lossAt(index, 1e-2)) - (await lossAt(index, -1e-2))) / 2e-2;
    assert.ok(Math.abs(slope - gradient.values[index]!) <= 2e-2 * steepest, `element ${index}`);
  }
  const activations = await executor.activations(inputs, [input]);
  assert.deepEqual(activations.get(input), inputs[0]);
  await assert.rejects(executor.activations(inputs, ['absent']), UsageError);
});

test('weighs outputs by what is given for each', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const weights = Float32Array.from({ length: 9 }, (_, i) => Math.sin(i));
  const found = await executor.gradients({
    inputs: given.inputs,
    objective: { kind: 'weighted-outputs', weights: [weights] },
    parameters: ['out/bias'],
  });
  const outputs = found.outputs[0]!.values;
  const sum = outputs.reduce((total, value, i) => total + value * weights[i]!, 0);
  assertClose([found.objective], [sum], 'the weighted sum');
  // Of a softmax p: dp_i / db_j = p_i (1 when i = j, else 0, minus p_j).
  const expected = [0, 1, 2].map((j) =>
    outputs.reduce((total, p, i) => {
      const sample = Math.floor(i / 3);
      const own = Number(i % 3 === j);
      return total + weights[i]! * p * (own - outputs[sample * 3 + j]!);
    }, 0),
  );
  assertClose(found.parameters.get('out/bias')!.values, expected, 'out/bias');
});

test('sums the squares of gradients that each sample has alone', async (t) => {
  const given = await makeCase(t, convolutional());
  const executor = await open(t, given);
  const [input] = given.inputs;
  const parameters = ['conv/kernel', 'out/kernel'];
  const size = input!.values.length / CLASSES.length;
  const sums = new Map(parameters.map((name) => [name, new Float64Array(1000)]));
  for (const [sample, label] of CLASSES.entries()) {
    const values = input!.values.slice(sample * size, (sample + 1) * size);
    const alone = await executor.gradients({
      inputs: [{ shape: [1, ...input!.shape.slice(1)], values }],
      objective: { ...objective, targets: { kind: 'classes', classes: [label] } },
      parameters,
    });
    for (const [name, gradient] of alone.parameters) {
      gradient.values.forEach((value, i) => (sums.get(name)![i]! += value * value));
    }
  }
  const found = await executor.squaredGradients({ inputs: given.inputs, objective, parameters });
  for (const [name, { values }] of found) {
    assert.ok(values.some((value) => value > 0));
    assertClose(values, sums.get(name)!.subarray(0, values.length), name);
  }
});

test('leaves no tensor behind, whatever is asked of it and however it ends', async (t) => {
  const given = await makeCase(t, convolutional());
  await tf.setBackend('wasm');
  const start = tf.memory();
  const { model } = await openForTest(t, given.file);
  const executor = await createTfjsExecutor(model, []);
  const { inputs } = given;
  const parameters = TRAINED;
  const trainer = executor.train({ optimizer: { kind: 'adam' }, parameters, seed: 1 });
  const step = { inputs, objective, learningRate: RATE };
  await trainer.step(step);
  const held = tf.memory();
  const unfit = { ...objective, targets: { kind: 'classes', classes: [7] } } as const;
  const mode = { kind: 'training', seed: 3 } as const;
  const aborted = { aborted: true };
  for (let round = 0; round < 2; round++) {
    await trainer.step(step);
    await executor.gradients({ inputs, objective, parameters, mode });
    await executor.squaredGradients({ inputs, objective, parameters });
    await executor.squaredGradients({ inputs, objective: { kind: 'each-output' }, parameters });
    await executor.readParameters();
    await assert.rejects(executor.gradients({ inputs, objective: unfit, parameters }), UsageError);
    await assert.rejects(trainer.step({ ...step, objective: unfit }), UsageError);
    await assert.rejects(trainer.step(step, aborted), CancelledError);
    await assert.rejects(executor.run(inputs, aborted), CancelledError);
  }
  assert.deepEqual(pick(tf.memory()), pick(held));
  trainer.dispose();
  executor.dispose();
  assert.deepEqual(pick(tf.memory()), pick(start));
});

function pick({ numTensors, numDataBuffers, numBytes }: tf.MemoryInfo) {
  return { numTensors, numDataBuffers, numBytes };
}
