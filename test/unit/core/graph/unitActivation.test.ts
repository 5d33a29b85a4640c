import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphNode } from '../../../../src/core/graph/graph';
import { inferShapes } from '../../../../src/core/graph/inferShapes';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import { UnitActivations } from '../../../../src/core/graph/unitActivation';
import type { Model, TensorEntry } from '../../../../src/core/model/model';
import { openFixture } from '../../../helpers/modelFixtures';

/** What the units of each layer give, in the graph for two samples. */
async function activationsOf(model: Model): Promise<ReadonlyMap<string, string>> {
  const declared = model.graph!;
  const shapes = declared.inputs.map(({ shape }) => shape.map((size) => (size < 0 ? 2 : size)));
  const graph = model.lowerGraph?.(shapes) ?? declared;
  const activations = new UnitActivations(graph, inferShapes(graph, model.tensors, shapes));
  const found = new Map<string, string>();
  for (const { name, weight, prunable } of model.layers) {
    if (weight === undefined || !prunable) continue;
    const own = activations.of(weight, null);
    found.set(
      name,
      own
        .map(({ axis, unitCount, activation }) => `${axis}:${unitCount} ${activation ?? 'none'}`)
        .join(', '),
    );
  }
  return Promise.resolve(found);
}

test('units of images lie along the channels, behind bias, batch normalization and activation', async (t) => {
  const onnx = await activationsOf((await openFixture(t, 'onnx/mobilenet_bn_unfolded.onnx')).model);
  const values = [...onnx.values()];
  assert.equal(values.length, 17);
  // An inverted residual: expansion and depthwise convolution under ReLU6, projection without.
  assert.deepEqual(values.slice(0, 3), ['1:16 clip', '1:16 clip', '1:16 none']);
  assert.match(values.at(-2)!, /^1:\d+ clip$/);
  const keras = await activationsOf((await openFixture(t, 'keras/lenet5.keras')).model);
  assert.deepEqual(
    [...keras.values()],
    ['3:6 relu', '3:16 relu', '1:120 relu', '1:84 relu', '1:10 softmax'],
  );
  const tfjs = await activationsOf((await openFixture(t, 'tfjs/lenet5_graph')).model);
  assert.deepEqual([...tfjs.values()], [...keras.values()]);
});

test('an activation written in several operators is taken whole', async (t) => {
  const { model } = await openFixture(t, 'onnx/transformer_legacy.onnx');
  const found = await activationsOf(model);
  assert.equal(found.get('/layers/layers.0/fc1/MatMul'), '2:64 erf');
  assert.equal(found.get('/layers/layers.0/attn/q/MatMul'), '2:32 none');
  assert.equal(found.get('/head/Gemm'), '1:10 none');
});

test('units of a recurrent layer are its hidden units, for both of its kernels', async (t) => {
  const keras = await activationsOf((await openFixture(t, 'keras/gru.keras')).model);
  assert.equal(keras.get('gru1'), '2:12 tanh');
  assert.equal(keras.get('gru1/recurrent_kernel'), '2:12 tanh');
  const onnx = await activationsOf((await openFixture(t, 'onnx/lstm_legacy.onnx')).model);
  assert.equal([...onnx.values()][0], '3:24 tanh');
});

test('a layer that is used twice gives values in both places', async (t) => {
  const { model } = await openFixture(t, 'keras/siamese_nested_shared.keras');
  const twice = [...(await activationsOf(model)).values()].filter((text) => text.includes(', '));
  assert.ok(twice.length >= 2, 'the encoder and the shared layer');
});

const KERNEL: TensorEntry = {
  name: 'w',
  shape: [3, 4],
  dtype: 'float32',
  elementCount: 12,
  storedElementBytes: 4,
  spans: [],
  littleEndian: true,
  storageOrder: null,
  role: 'parameter',
};

/** A dense layer of four units, and what follows it. */
function behindDense(nodes: readonly GraphNode[], returned: string): UnitActivations {
  const dense = node('y', { kind: 'dense', kernelLayout: 'in-out' }, ['x', '%w', null]);
  const graph = {
    inputs: [{ value: 'x', name: 'x', shape: [2, 3], type: 'float32' as const }],
    outputs: [{ value: returned, name: 'out' }],
    parameters: [{ value: '%w', tensor: 'w', type: 'float32' as const }],
    constants: [{ value: 'half', shape: [], type: 'float32' as const, values: [0.5] }],
    nodes: [dense, ...nodes],
  };
  return new UnitActivations(graph, inferShapes(graph, [KERNEL]));
}

function node(id: string, operator: Operator, inputs: readonly (string | null)[]): GraphNode {
  return { id, layer: id, operator, inputs, outputs: [id] };
}

const SIGMOID: Operator = { kind: 'activation', function: { name: 'sigmoid' } };
const MULTIPLY: Operator = { kind: 'merge', mode: 'multiply', alignment: 'leading' };

test('a value that something else reads too is where an activation ends', () => {
  const swish = [node('s', SIGMOID, ['y']), node('a', MULTIPLY, ['y', 's'])];
  const [found] = behindDense(swish, 'a').of('w', 4);
  assert.deepEqual(found, {
    value: 'a',
    axis: 1,
    unitCount: 4,
    activation: 'sigmoid',
    makesZeros: false,
  });
  // The sum itself is an output: the network sees more of it than the activation.
  assert.equal(behindDense(swish, 'y').of('w', 4)[0]!.value, 'y');
});

test('what comes from elsewhere is no part of a unit', () => {
  const gated = [node('a', MULTIPLY, ['y', 'other']), node('s', SIGMOID, ['a'])];
  assert.equal(behindDense(gated, 's').of('w', 4)[0]!.value, 'y');
  assert.deepEqual(behindDense(gated, 's').of('w', 5), [], 'another number of units');
});

test('exact zeros come of a rectifier, and stay where it is scaled by a number', () => {
  const relu: Operator = {
    kind: 'activation',
    function: { name: 'relu', max: null, negativeSlope: 0, threshold: 0 },
  };
  const [found] = behindDense([node('r', relu, ['y']), node('h', MULTIPLY, ['r', 'half'])], 'h').of(
    'w',
    4,
  );
  assert.equal(found!.value, 'h');
  assert.equal(found!.makesZeros, true);
});
