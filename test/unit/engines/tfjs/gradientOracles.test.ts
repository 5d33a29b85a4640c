// Gradients of the own executor, as Keras 3.15.1 (float32) and torch 2.13.0 (float64) computed them.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DenseArray, Gradients, LossObjective } from '../../../../src/core/graph/executor';
import type { Model } from '../../../../src/core/model/model';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import {
  assertGradient,
  type GradientFigures,
  type GradientOracle,
  readGradientOracle,
} from '../../../helpers/gradientOracle';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { type NamedArrays, readArrays } from '../../../helpers/npzArrays';

/** The mean cross entropy over the oracle's 16 inputs, with label n modulo the classes. */
async function gradientsOf(
  model: Model,
  inputs: readonly DenseArray[],
  classes: number,
  loss: LossObjective['loss'],
): Promise<Gradients> {
  const executor = await createTfjsExecutor(model, []);
  try {
    const samples = inputs[0]!.shape[0]!;
    const labels = Array.from({ length: samples }, (_, n) => n % classes);
    const targets = { kind: 'classes', classes: labels } as const;
    const objective = { kind: 'loss', loss, targets } as const;
    const parameters = [...(await executor.readParameters()).keys()];
    return await executor.gradients({ inputs, objective, parameters });
  } finally {
    executor.dispose();
  }
}

async function inputsOf(file: string): Promise<readonly DenseArray[]> {
  const name = `oracles/outputs/${file.replace('/', '__')}.npz`;
  return [...(await readArrays(name, (key) => key.startsWith('input'))).values()];
}

/** How many numbers the last parameter, a bias, has. */
function classesOf({ parameters }: GradientOracle): number {
  return Object.values(parameters).at(-1)!.shape[0]!;
}

/** The variables of a Keras layer are numbered in the file in the order that the oracle has them in. */
function kerasTensors(model: Model, { parameters }: GradientOracle): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  return new Map(
    Object.keys(parameters).map((name) => {
      const layer = name.split('/')[0]!;
      const index = seen.get(layer) ?? 0;
      seen.set(layer, index + 1);
      const { parameters: own } = model.layers.find((one) => one.name === layer)!;
      const folder = own[0]!.replace(/[^/]*$/, '');
      const variables = model.tensors.filter((tensor) => tensor.name.startsWith(folder));
      return [name, variables.map((tensor) => tensor.name).toSorted()[index]!];
    }),
  );
}

for (const name of ['digits_mlp', 'lenet5', 'resbn', 'lstm', 'gru']) {
  test(`differentiates ${name}.keras as Keras does`, async (t) => {
    const oracle = await readGradientOracle(`keras_${name}`);
    const { model } = await openFixture(t, oracle.file);
    const inputs = await inputsOf(oracle.file);
    const found = await gradientsOf(model, inputs, classesOf(oracle), 'ce');
    assert.ok(Math.abs(found.objective - oracle.loss) <= 1e-4 * oracle.loss);
    for (const [parameter, tensor] of kerasTensors(model, oracle)) {
      const { values } = found.parameters.get(tensor)!;
      assertGradient(values, oracle.parameters[parameter]!, oracle, parameter);
    }
  });
}

/** A tensor of the file that holds the values of torch parameters. */
interface Holder {
  readonly tensor: string;
  readonly transposed: boolean;
  /** Several where the exporter merged equal ones: the file's gradient is then the sum of theirs. */
  readonly parameters: string[];
}

/** Which tensors of an ONNX file hold which parameters: by name, else by value, as they are or transposed. */
function holdersOf(
  file: NamedArrays,
  torch: NamedArrays,
  names: readonly string[],
): readonly Holder[] {
  const holders = new Map<string, Holder>();
  for (const name of names) {
    const { values, shape } = torch.get(name)!;
    const transposed = shape.length === 2 ? transpose(values, shape) : values;
    const fits = (wanted: Float32Array, exact: boolean) =>
      [...file].find(
        ([tensor, array]) => (!exact || tensor === name) && sameValues(array.values, wanted),
      )?.[0];
    const direct = fits(values, true) ?? (shape.length === 1 ? fits(values, false) : undefined);
    const tensor = direct ?? fits(transposed, false) ?? fits(values, false);
    assert.ok(tensor !== undefined, `${name} is in the file`);
    const holder = holders.get(tensor);
    if (holder !== undefined) holder.parameters.push(name);
    else {
      const isTransposed =
        direct === undefined &&
        shape.length === 2 &&
        sameValues(file.get(tensor)!.values, transposed);
      holders.set(tensor, { tensor, transposed: isTransposed, parameters: [name] });
    }
  }
  return [...holders.values()];
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function transpose(values: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** What merged parameters have together; they are merged because they are equal, and so are their gradients. */
function together(oracle: GradientOracle, names: readonly string[]): GradientFigures {
  const [first, ...others] = names.map((name) => oracle.parameters[name]!);
  for (const other of others) assert.deepEqual(other.first8, first!.first8);
  const times = names.length;
  return {
    shape: first!.shape,
    l1: first!.l1 * times,
    l2: first!.l2 * times,
    max_abs: first!.max_abs * times,
    first8: first!.first8.map((value) => value * times),
  };
}

const TORCH_FILES: readonly (readonly [oracle: string, file: string])[] = [
  ['digits_mlp', 'digits_mlp_dynamo'],
  ['digits_mlp', 'digits_mlp_legacy'],
  ['digits_mlp', 'digits_mlp_matmul_ir3_opset9'],
  ['lenet5', 'lenet5_dynamo'],
  ['lenet5', 'lenet5_legacy'],
  ['lenet5', 'lenet5_external'],
  ['resnet', 'resnet_bn_unfolded'],
  ['mobilenet', 'mobilenet_bn_unfolded'],
  ['densenet', 'densenet_bn_unfolded'],
  ['transformer', 'transformer_dynamo'],
  ['transformer', 'transformer_legacy'],
];

for (const [name, file] of TORCH_FILES) {
  test(`differentiates ${file}.onnx as torch does`, async (t) => {
    const oracle = await readGradientOracle(name);
    const { model } = await openFixture(t, 'onnx', `${file}.onnx`);
    const inputs = await inputsOf(`onnx/${file}.onnx`);
    const found = await gradientsOf(model, inputs, classesOf(oracle), 'ce-logits');
    assert.ok(Math.abs(found.objective - oracle.loss) <= 1e-4 * oracle.loss, 'loss');
    const holders = holdersOf(
      await readArrays(`onnx/${file}.onnx`, (tensor) => found.parameters.has(tensor)),
      await readArrays(oracle.file),
      Object.keys(oracle.parameters),
    );
    for (const { tensor, transposed, parameters } of holders) {
      const { values, shape } = found.parameters.get(tensor)!;
      const gradient = transposed ? transpose(values, shape) : values;
      const [parameter = ''] = parameters;
      const expected = together(oracle, parameters);
      assertGradient(gradient, expected, oracle, parameters.length === 1 ? parameter : null);
    }
  });
}

const LSTM_UNITS = 24;

/** Gates i, o, f, c of ONNX as i, f, c, o of torch. */
function inTorchOrder(values: Float32Array, columns: number): Float32Array {
  const block = LSTM_UNITS * columns;
  const gates = [0, 2, 3, 1].map((gate) => values.subarray(gate * block, (gate + 1) * block));
  return Float32Array.from(gates.flatMap((gate) => [...gate]));
}

for (const file of ['lstm_dynamo', 'lstm_legacy']) {
  test(`differentiates ${file}.onnx as torch does, gate by gate`, async (t) => {
    const oracle = await readGradientOracle('lstm');
    const { model } = await openFixture(t, 'onnx', `${file}.onnx`);
    const inputs = await inputsOf(`onnx/${file}.onnx`);
    const found = await gradientsOf(model, inputs, classesOf(oracle), 'ce-logits');
    const shaped = (shape: string): Float32Array =>
      [...found.parameters.values()].find((array) => array.shape.join() === shape)!.values;
    const biases = shaped(`1,${8 * LSTM_UNITS}`);
    const expected = new Map([
      ['lstm.weight_ih_l0', inTorchOrder(shaped(`1,${4 * LSTM_UNITS},1`), 1)],
      ['lstm.weight_hh_l0', inTorchOrder(shaped(`1,${4 * LSTM_UNITS},${LSTM_UNITS}`), LSTM_UNITS)],
      ['lstm.bias_ih_l0', inTorchOrder(biases.subarray(0, 4 * LSTM_UNITS), 1)],
      ['lstm.bias_hh_l0', inTorchOrder(biases.subarray(4 * LSTM_UNITS), 1)],
      ['fc.weight', found.parameters.get('fc.weight')!.values],
      ['fc.bias', found.parameters.get('fc.bias')!.values],
    ]);
    assert.deepEqual([...expected.keys()], Object.keys(oracle.parameters));
    for (const [name, values] of expected) {
      assertGradient(values, oracle.parameters[name]!, oracle, name);
    }
  });
}

const SAMPLES = 64;

/** The first 64 training samples of the digits and what they are. */
async function digitsBatch(): Promise<{
  readonly inputs: readonly DenseArray[];
  readonly classes: readonly number[];
}> {
  const arrays = await readArrays('datasets/digits.npz', (key) => key.endsWith('_train'));
  const [images, labels] = [arrays.get('x_train')!, arrays.get('y_train')!];
  const values = images.values.slice(0, SAMPLES * 64).map((pixel) => pixel / 16);
  return {
    inputs: [{ shape: [SAMPLES, 64], values }],
    classes: [...labels.values.slice(0, SAMPLES)],
  };
}

async function digitsExecutor(t: TestContext) {
  const { model } = await openFixture(t, 'onnx', 'digits_mlp_dynamo.onnx');
  const executor = await createTfjsExecutor(model, []);
  t.after(() => {
    executor.dispose();
  });
  const { inputs, classes } = await digitsBatch();
  const targets = { kind: 'classes', classes } as const;
  const loss = { kind: 'loss', loss: 'ce-logits', targets } as const;
  const parameters = ['fc1', 'fc2', 'fc3'].flatMap((fc) => [`${fc}.weight`, `${fc}.bias`]);
  const oracles = await readArrays('oracles/pruning/digits_mlp_criteria.npz');
  return { executor, inputs, loss, parameters, oracles };
}

function assertScores(found: ArrayLike<number>, expected: Float32Array, what: string): void {
  assert.equal(found.length, expected.length, what);
  const difference = Math.hypot(...expected.map((value, i) => value - found[i]!));
  assert.ok(difference <= 1e-3 * Math.hypot(...expected), `${what}: ${difference}`);
}

test('gives the gradients behind the criterion of torch in float64', async (t) => {
  const { executor, inputs, loss, parameters, oracles } = await digitsExecutor(t);
  const found = await executor.gradients({ inputs, objective: loss, parameters });
  for (const name of parameters) {
    const gradient = found.parameters.get(name)!.values.map(Math.abs);
    assertScores(gradient, oracles.get(`grad_abs/${name}`)!.values, `grad_abs ${name}`);
  }
});

test('sums squared gradients of samples as torch in float64 does', async (t) => {
  const { executor, inputs, loss, parameters, oracles } = await digitsExecutor(t);
  const found = await executor.squaredGradients({ inputs, objective: loss, parameters });
  for (const name of parameters) {
    const fisher = found.get(name)!.values.map((sum) => sum / SAMPLES);
    assertScores(fisher, oracles.get(`fisher_empirical/${name}`)!.values, name);
  }
});

test('sums squared derivatives of each output as torch in float64 does', async (t) => {
  const { executor, inputs, parameters, oracles } = await digitsExecutor(t);
  const objective = { kind: 'each-output' } as const;
  const found = await executor.squaredGradients({ inputs, objective, parameters });
  for (const name of parameters) {
    const mean = found.get(name)!.values.map((sum) => sum / SAMPLES);
    assertScores(mean, oracles.get(`jac_sq_mean/${name}`)!.values, name);
  }
});

test('gives the gradients of activations behind the Taylor criterion of neurons', async (t) => {
  const { executor, inputs, loss } = await digitsExecutor(t);
  const { model } = await openFixture(t, 'onnx', 'digits_mlp_dynamo.onnx');
  const { neuron_taylor: oracle } = (await readOracle('pruning/digits_mlp')) as {
    readonly neuron_taylor: Readonly<Record<string, readonly number[]>>;
  };
  const activations = model
    .graph!.nodes.filter(({ operator }) => operator.kind === 'activation')
    .map(({ outputs }) => outputs[0]!);
  const objective = { ...loss, reduction: 'sum' } as const;
  const found = await executor.gradients({ inputs, objective, activations });
  assert.equal(activations.length, 2);
  activations.forEach((activation, i) => {
    const { value, gradient } = found.activations.get(activation)!;
    const units = value.shape[1]!;
    const scores = new Float32Array(units);
    value.values.forEach((a, at) => {
      scores[at % units]! += Math.abs(a * gradient.values[at]!) / SAMPLES;
    });
    assertScores(scores, Float32Array.from(oracle[`relu(fc${i + 1})`]!), activation);
  });
});
