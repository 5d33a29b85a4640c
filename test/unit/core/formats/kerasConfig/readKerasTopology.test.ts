import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKerasTopology } from '../../../../../src/core/formats/kerasConfig/readKerasTopology';
import type { Graph } from '../../../../../src/core/graph/graph';
import type { Model } from '../../../../../src/core/model/model';
import { openModelFile } from '../../../../../src/node/openModel';
import { fixturePath, readFixture, readOracle } from '../../../../helpers/fixtures';
import { tensorsOf } from '../../graph/tensorFixtures';

for (const [name, oracle] of [
  ['digits_mlp', 'keras_digits_mlp'],
  ['digits_mlp_with_optimizer', 'keras_digits_mlp'],
  ['digits_mlp_f16', 'keras_digits_mlp'],
  ['lenet5', 'keras_lenet5'],
  ['resbn', 'keras_resbn'],
  ['autoencoder', 'keras_autoencoder'],
] as const) {
  test(`lists the weights of ${name} that Keras prunes, in its order`, async () => {
    const { order } = (await readOracle(`pruning/${oracle}`)) as { order: readonly string[] };
    const { layers } = await open(name);
    assert.deepEqual(
      layers.filter(({ prunable }) => prunable).map(({ weight }) => weight),
      order,
    );
  });
}

test('reads the converter’s Keras 3 style to the same graph as TensorFlow.js’ own', async () => {
  const own = await open('lenet5');
  const converted = await open('lenet5_keras3_converter');
  assert.deepEqual(
    operatorsOf(converted.graph!, (name) => name.replace('lenet5/', '')),
    operatorsOf(own.graph!, (name) => name),
  );
  assert.deepEqual(converted.graph?.inputs[0], {
    value: 'input_layer_2',
    name: 'input_layer_2',
    shape: [-1, 28, 28, 1],
    type: 'float32',
  });
});

test('connects the blocks of a residual network', async () => {
  const { graph } = await open('resbn');
  const additions = graph!.nodes.filter(({ operator }) => operator.kind === 'merge');
  assert.equal(additions.length, 3);
  assert.ok(additions.every(({ inputs }) => inputs.length === 2));
  assert.deepEqual(
    graph?.outputs.map(({ name }) => name),
    ['fc'],
  );
});

test('writes the node after everything it reads, in whatever order the file lists the layers', () => {
  const json = functional([
    dense('b', 4, [['a', 0, 0, {}]]),
    dense('a', 4, [['x', 0, 0, {}]]),
    input('x', 4),
  ]);
  const { graph } = readKerasTopology(json, weightsOf('a', 'b'));
  assert.deepEqual(
    graph?.nodes.map(({ id }) => id),
    ['a', 'b'],
  );
});

test('gives a layer that is called twice two nodes and one entry', () => {
  const layers = [
    input('x', 4),
    { ...dense('a', 4), inbound_nodes: [[['x', 0, 0, {}]], [['a', 0, 0, {}]]] },
  ];
  const json = functional(layers, [['a', 1, 0]]);
  const { graph, layers: found } = readKerasTopology(json, weightsOf('a'));
  assert.deepEqual(
    graph?.nodes.map(({ id, layer }) => [id, layer]),
    [
      ['a', 'a'],
      ['a@2', 'a'],
    ],
  );
  assert.equal(found.length, 1);
  assert.equal(graph.outputs[0]?.value, 'a@2');
});

test('reads Keras 3 calls: tensors by their history, constants as reason to be opaque', () => {
  const call = (name: string) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 4], dtype: 'float32', keras_history: [name, 0, 0] },
  });
  const layers = [
    { ...input('x', 4), config: { batch_shape: [null, 4], name: 'x' } },
    layer('Add', 'sum', {}, [{ args: [[call('x'), call('x')]], kwargs: {} }]),
    layer('Dropout', 'drop', { rate: 0.1 }, [{ args: [call('sum')], kwargs: { training: false } }]),
    layer('Multiply', 'scaled', {}, [{ args: [call('drop'), 2], kwargs: {} }]),
  ];
  const { graph, notices } = readKerasTopology(functional(layers, ['scaled', 0, 0]), []);
  assert.deepEqual(
    graph?.nodes.map(({ operator }) => operator.kind),
    ['merge', 'dropout', 'opaque'],
  );
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['unsupported-operator'],
  );
});

test('keeps a class it does not know as an opaque node with its weights', () => {
  const unknown = layer('ConvLSTM2D', 'rnn', { units: 2, return_state: true }, [[['x', 0, 0, {}]]]);
  const json = functional([input('x', 4), unknown, dense('a', 4, [['rnn', 0, 1, {}]])]);
  const tensors = [
    ...tensorsOf({ 'rnn/kernel': [4, 8], 'rnn/recurrent_kernel': [2, 8], 'rnn/bias': [8] }),
    ...weightsOf('a'),
  ];
  const { graph, layers } = readKerasTopology(json, tensors);
  assert.deepEqual(
    graph?.nodes.map(({ id, operator }) => [id, operator.kind]),
    [
      ['rnn', 'opaque'],
      ['a', 'dense'],
    ],
  );
  assert.equal(graph.nodes[1]?.inputs[0], 'rnn:1');
  assert.deepEqual(
    layers.map(({ name, weight, unitAxis, prunable }) => [name, weight, unitAxis, prunable]),
    [
      ['rnn', 'rnn/kernel', null, true],
      ['rnn/recurrent_kernel', 'rnn/recurrent_kernel', null, true],
      ['a', 'a/kernel', 1, true],
    ],
  );
});

test('follows an unknown activation with an opaque node', () => {
  const custom = { ...dense('a', 4).config, activation: 'my_function' };
  const json = sequential(layer('Dense', 'a', { ...custom, batch_input_shape: [null, 4] }));
  const { graph } = readKerasTopology(json, weightsOf('a'));
  assert.deepEqual(
    graph?.nodes.map(({ id }) => id),
    ['a', 'a/my_function'],
  );
});

test('takes hard_sigmoid as the Keras that wrote the file defines it', () => {
  const model = sequential(
    layer('Activation', 'a', { activation: 'hard_sigmoid', batch_input_shape: [null, 4] }),
  );
  const slopeIn = (keras_version: string): number => {
    const { graph } = readKerasTopology({ ...model, keras_version }, []);
    const operator = graph?.nodes[0]?.operator;
    assert.ok(operator?.kind === 'activation' && operator.function.name === 'hardSigmoid');
    return operator.function.slope;
  };
  assert.equal(slopeIn('2.15.0'), 0.2);
  assert.equal(slopeIn('tfjs-layers 4.22.0'), 0.2);
  assert.equal(slopeIn('3.15.1'), 1 / 6);
});

test('counts the units of a depthwise convolution on its channels where the multiplier is 1', () => {
  const unitsWith = (multiplier: number) => {
    const config = { kernel_size: [3, 3], depth_multiplier: multiplier, use_bias: false };
    const json = sequential(
      layer('DepthwiseConv2D', 'd', { ...config, batch_input_shape: [null, 8, 8, 5] }),
    );
    const tensors = tensorsOf({ 'd/depthwise_kernel': [3, 3, 5, multiplier] });
    const [found] = readKerasTopology(json, tensors).layers;
    return [found?.unitAxis, found?.unitCount];
  };
  assert.deepEqual(unitsWith(1), [2, 5]);
  assert.deepEqual(unitsWith(2), [null, 10]);
});

test('lists a normalisation as locked, with all its tensors', async () => {
  const { layers } = await open('resbn');
  const found = layers.find(({ name }) => name === 'stem_bn');
  assert.equal(found?.lockedBy, 'normalization');
  assert.equal(found.parameters.length, 4);
  assert.equal(found.weight, undefined);
});

test('says why there is no graph: no weights, or a class that lists no layers', async () => {
  const json = JSON.parse((await readFixture('tfjs/lenet5/model.json')).toString('utf8')) as {
    modelTopology: unknown;
  };
  const withoutWeights = readKerasTopology(json.modelTopology, []);
  assert.match(withoutWeights.graphMissing ?? '', /no weights/);
  assert.equal(withoutWeights.layers.length, 5);
  assert.ok(withoutWeights.layers.every(({ lockedBy }) => lockedBy === 'no-weight'));
  const subclassed = readKerasTopology({ class_name: 'MyModel', config: {} }, weightsOf('a'));
  assert.match(subclassed.graphMissing ?? '', /MyModel/);
  assert.deepEqual(
    subclassed.layers.map(({ name }) => name),
    ['a'],
  );
});

test('infers the input of a sequential model that does not state it from its first kernel', () => {
  const { graph } = readKerasTopology(sequential(dense('a', 4)), weightsOf('a'));
  assert.deepEqual(graph?.inputs, [
    { value: 'a_input', name: 'a_input', shape: [-1, 4], type: 'float32' },
  ]);
});

async function open(name: string): Promise<Model> {
  const opened = await openModelFile(fixturePath('tfjs', name, 'model.json'));
  await opened.close();
  return opened.model;
}

function operatorsOf(graph: Graph, rename: (name: string) => string): readonly unknown[] {
  const tensors = new Map(graph.parameters.map(({ value, tensor }) => [value, rename(tensor)]));
  return graph.nodes.map(({ operator, inputs }) => [
    operator,
    inputs.map((input) => (input === null ? null : (tensors.get(input) ?? null))),
  ]);
}

function weightsOf(...names: readonly string[]) {
  return tensorsOf(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}/kernel`, [4, 4]],
        [`${name}/bias`, [4]],
      ]),
    ),
  );
}

function layer(class_name: string, name: string, config: object, inbound_nodes: unknown = []) {
  return { class_name, name, config: { name, ...config }, inbound_nodes };
}

function input(name: string, size: number) {
  return layer('InputLayer', name, { batch_input_shape: [null, size] });
}

function dense(name: string, units: number, call?: readonly unknown[]) {
  return layer('Dense', name, { units, activation: 'linear' }, call === undefined ? [] : [call]);
}

function functional(layers: readonly { name: string }[], outputs?: unknown) {
  const output_layers = outputs ?? [
    [layers.at(-1)?.name === 'x' ? 'b' : layers.at(-1)?.name, 0, 0],
  ];
  const config = { name: 'model', layers, input_layers: [['x', 0, 0]], output_layers };
  return { class_name: 'Functional', config };
}

function sequential(...layers: readonly object[]) {
  return { class_name: 'Sequential', config: { name: 'model', layers } };
}
