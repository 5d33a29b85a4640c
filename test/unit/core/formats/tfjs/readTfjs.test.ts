import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { graphLayers } from '../../../../../src/core/formats/tfjs/graphLayers';
import type { GraphNode } from '../../../../../src/core/formats/tfjs/graphNodes';
import type { Layer, TensorEntry } from '../../../../../src/core/model/model';
import { openModelFile } from '../../../../../src/node/openModel';
import { copyOfFixture, openFixture, openForTest } from '../../../../helpers/modelFixtures';
import { assertWrittenAsPlanned, writePruned } from '../../../../helpers/rewrittenModel';

const summary = ({ name, operatorLabel, unitAxis, unitCount, bias }: Layer): unknown[] => [
  name,
  operatorLabel,
  unitAxis,
  unitCount,
  bias?.replace(/^.*?\//, ''),
];

test('a graph model has the layers that its operations make of the weights, with their biases', async (t) => {
  const { model } = await openFixture(t, 'tfjs/lenet5_graph');
  assert.deepEqual(model.layers.map(summary), [
    ['lenet5_1/conv1_1', 'Conv2D', 3, 6, 'conv1_1/Reshape/ReadVariableOp/resource'],
    ['lenet5_1/conv2_1', 'Conv2D', 3, 16, 'conv2_1/Reshape/ReadVariableOp/resource'],
    ['lenet5_1/fc1_1', 'MatMul', 1, 120, 'fc1_1/BiasAdd/ReadVariableOp/resource'],
    ['lenet5_1/fc2_1', 'MatMul', 1, 84, 'fc2_1/BiasAdd/ReadVariableOp/resource'],
    ['lenet5_1/fc3_1', 'MatMul', 1, 10, 'fc3_1/BiasAdd/ReadVariableOp/resource'],
  ]);
  assert.ok(model.layers.every(({ prunable, guessed }) => prunable && guessed === undefined));
  assert.deepEqual(model.interface, {
    inputs: [{ name: 'x', shape: [null, 28, 28, 1], dtype: 'float32' }],
    outputs: [{ name: 'Identity', shape: [null, 10], dtype: 'float32' }],
  });
});

test('a pruned graph model reads back as planned', async (t) => {
  const opened = await openFixture(t, 'tfjs/digits_mlp_graph');
  const result = await writePruned(t, opened, { sparsity: 0.5, unitThreshold: 0.3 });
  await assertWrittenAsPlanned(t, opened, result);
});

function tensor(
  name: string,
  shape: readonly number[],
  dtype: 'float32' | 'int32' = 'float32',
): TensorEntry {
  const elementCount = shape.reduce((a, b) => a * b, 1);
  const spans = [{ fileIndex: 1, byteOffset: 0, byteLength: 4 * elementCount }];
  return {
    name,
    shape,
    dtype,
    elementCount,
    storedElementBytes: 4,
    spans,
    littleEndian: true,
    storageOrder: null,
    role: 'parameter',
  };
}

function node(name: string, op: string, inputs: string[] = [], attributes: object = {}): GraphNode {
  const outputNumbers = inputs.map(() => 0);
  return { name, op, inputs, outputNumbers, attributes: attributes as GraphNode['attributes'] };
}

test('fused operations, transposed matrices and lookups have their own axes and biases', () => {
  const biasAdd = { fused_ops: { list: { s: ['Qmlhc0FkZA==', 'UmVsdQ=='] } } };
  const layers = graphLayers(
    [
      node('ids', 'Placeholder'),
      node('emb/take', 'GatherV2', ['table', 'ids', 'axis']),
      node('a/Relu', '_FusedMatMul', ['emb/take', 'aw', 'ab'], biasAdd),
      node('b/MatMul', 'MatMul', ['a/Relu', 'bw'], { transpose_b: { b: true } }),
      node('c/dw', 'DepthwiseConv2dNative', ['b/MatMul', 'cw']),
      node('bn/x', 'FusedBatchNormV3', ['c/dw', 'g', 'bt', 'mean', 'var']),
      node('d/up', 'Conv2DBackpropInput', ['shape', 'dw', 'bn/x']),
    ],
    [
      tensor('table', [100, 8]),
      tensor('axis', [], 'int32'),
      tensor('aw', [8, 5]),
      tensor('ab', [5]),
      tensor('bw', [7, 5]),
      tensor('cw', [3, 3, 4, 1]),
      ...['g', 'bt', 'mean', 'var'].map((name) => tensor(name, [4])),
      tensor('dw', [2, 2, 6, 4]),
      tensor('shape', [4], 'int32'),
    ],
  );
  assert.deepEqual(layers.map(summary), [
    ['emb', 'GatherV2', 1, 8, undefined],
    ['a', 'MatMul', 1, 5, 'ab'],
    ['b', 'MatMul', 0, 7, undefined],
    ['c', 'DepthwiseConv2dNative', 2, 4, undefined],
    ['bn', 'FusedBatchNormV3', null, null, undefined],
    ['d', 'Conv2DBackpropInput', 2, 6, undefined],
  ]);
});

test('a bias whose sum is read elsewhere too is not taken for one, nor a weight twice', () => {
  const layers = graphLayers(
    [
      node('x', 'Placeholder'),
      node('a/MatMul', 'MatMul', ['x', 'w']),
      node('a/BiasAdd', 'BiasAdd', ['a/MatMul', 'b']),
      node('other', 'Relu', ['a/MatMul']),
      node('again/MatMul', 'MatMul', ['other', 'w']),
    ],
    [tensor('w', [5, 5]), tensor('b', [5])],
  );
  assert.deepEqual(
    layers.map(({ name, bias, prunable }) => [name, bias, prunable]),
    [
      ['a', undefined, true],
      ['b', undefined, false],
    ],
  );
});

test('a loop of nodes that hand on their value ends', () => {
  const loop = [node('a', 'Identity', ['b']), node('b', 'Identity', ['a'])];
  assert.deepEqual(graphLayers([...loop, node('m', 'MatMul', ['a', 'b'])], []), []);
});

test('a bare manifest is read with its shards, and pruned', async (t) => {
  const folder = await copyOfFixture(t, 'tfjs/digits_mlp_mixed_groups');
  const json = await readFile(path.join(folder, 'model.json'), 'utf8');
  const { weightsManifest } = JSON.parse(json) as { weightsManifest: unknown };
  await rm(path.join(folder, 'model.json'));
  await writeFile(path.join(folder, 'weights_manifest.json'), JSON.stringify(weightsManifest));
  const opened = await openForTest(t, folder);
  assert.equal(opened.model.formatLabel, 'TensorFlow.js weights');
  assert.deepEqual(
    opened.model.layers.map(({ name, bias, guessed }) => [name, bias, guessed]),
    [1, 2, 3].map((i) => [`fc${i}`, `fc${i}/bias`, true]),
  );
  await assertWrittenAsPlanned(t, opened, await writePruned(t, opened, { sparsity: 0.5 }));
});

for (const [what, content] of [
  ['a list of something else', '[1, 2]'],
  ['a graph whose nodes have no name', '{"modelTopology":{"node":[{"op":"Const"}]}}'],
  [
    'a graph whose inputs are no names',
    '{"modelTopology":{"node":[{"name":"a","op":"Add","input":[1]}]}}',
  ],
] as const) {
  test(`${what} is refused`, async (t) => {
    const folder = await copyOfFixture(t, 'tfjs/digits_mlp_graph');
    await writeFile(path.join(folder, 'model.json'), content);
    await assert.rejects(openModelFile(folder), FormatError);
  });
}
