// What layers the graph tells of: each operator's units as Operators.md of ONNX 1.23 lays them out.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import type { Layer, Model } from '../../../../../src/core/model/model';
import { openForTest } from '../../../../helpers/modelFixtures';
import { emptyPlace } from '../../../../helpers/namedOutput';
import {
  field,
  floatTensor,
  graph,
  integerField,
  message,
  modelOf,
  node,
  type NodeBytes,
  tensor,
} from './onnxBytes';

async function open(t: TestContext, bytes: Buffer): Promise<Model> {
  const file = await emptyPlace(t, 'm.onnx');
  await writeFile(file, bytes);
  return (await openForTest(t, file)).model;
}

/** A weight with the values 1, 2, 3, … */
function weight(name: string, ...dims: number[]): Buffer {
  const count = dims.reduce((product, size) => product * size, 1);
  return floatTensor(
    name,
    dims,
    Array.from({ length: count }, (_, i) => i + 1),
  );
}

const int = (name: string, value: number): Buffer =>
  message([field(1, name), integerField(3, value), integerField(20, 2)]);
const ints = (name: string, values: readonly number[]): Buffer =>
  message([field(1, name), ...values.map((value) => integerField(8, value)), integerField(20, 7)]);
const inner = (name: string, bytes: Buffer): Buffer =>
  message([field(1, name), field(6, bytes), integerField(20, 5)]);

interface Expected {
  readonly title: string;
  readonly nodes: readonly NodeBytes[];
  readonly initializers: readonly Buffer[];
  readonly layer: Partial<Layer>;
}

const CASES: readonly Expected[] = [
  {
    title: 'Gemm counts units along the last axis, and along the first with transB',
    nodes: [{ opType: 'Gemm', name: 'g', inputs: ['x', 'w', 'b'], attributes: [int('transB', 1)] }],
    initializers: [weight('w', 3, 2), weight('b', 3)],
    layer: { name: 'g', operator: 'dense', unitAxis: 0, unitCount: 3, weight: 'w', bias: 'b' },
  },
  {
    title: 'Gemm without transB has its units last',
    nodes: [{ opType: 'Gemm', inputs: ['x', 'w'] }],
    initializers: [weight('w', 3, 2)],
    layer: { name: 'w', unitAxis: 1, unitCount: 2 },
  },
  {
    title: 'a transposed weight keeps its units on the axis they are stored on',
    nodes: [
      { opType: 'Transpose', inputs: ['w'], outputs: ['wt'], attributes: [ints('perm', [1, 0])] },
      { opType: 'MatMul', inputs: ['x', 'wt'], outputs: ['z'] },
      { opType: 'Add', inputs: ['b', 'z'] },
    ],
    initializers: [weight('w', 3, 2), weight('b', 3)],
    layer: { operator: 'dense', unitAxis: 0, unitCount: 3, bias: 'b' },
  },
  {
    title: 'a reshaped weight is pruned without a unit axis',
    nodes: [
      { opType: 'Reshape', inputs: ['w', 's'], outputs: ['r'] },
      { opType: 'MatMul', inputs: ['x', 'r'] },
    ],
    initializers: [weight('w', 3, 2), weight('s', 2)],
    layer: { weight: 'w', unitAxis: null, prunable: true },
  },
  {
    title: 'MatMul with the constant on the left counts its rows',
    nodes: [{ opType: 'MatMul', inputs: ['w', 'x'] }],
    initializers: [weight('w', 3, 2)],
    layer: { unitAxis: 0, unitCount: 3 },
  },
  {
    title: 'ConvTranspose counts units along the second axis',
    nodes: [{ opType: 'ConvTranspose', inputs: ['x', 'w', 'b'] }],
    initializers: [weight('w', 2, 3, 1, 1), weight('b', 3)],
    layer: { operator: 'convTranspose', unitAxis: 1, unitCount: 3, bias: 'b' },
  },
  {
    title: 'ConvTranspose in groups has no one unit axis',
    nodes: [{ opType: 'ConvTranspose', inputs: ['x', 'w'], attributes: [int('group', 2)] }],
    initializers: [weight('w', 2, 3, 1, 1)],
    layer: { unitAxis: null, unitCount: null, prunable: true },
  },
  {
    title: 'a convolution of one channel a group is depthwise',
    nodes: [{ opType: 'Conv', inputs: ['x', 'w'], attributes: [int('group', 4)] }],
    initializers: [weight('w', 4, 1, 3, 3)],
    layer: { operator: 'depthwiseConv2d', unitAxis: 0, unitCount: 4 },
  },
  {
    title: 'Gather looks up the rows of an embedding',
    nodes: [{ opType: 'Gather', inputs: ['w', 'x'] }],
    initializers: [weight('w', 5, 2)],
    layer: { operator: 'embedding', unitAxis: 1, unitCount: 2, prunable: true },
  },
  {
    title: 'tables of positions are not pruned',
    nodes: [{ opType: 'Gather', inputs: ['position_embeddings', 'x'] }],
    initializers: [weight('position_embeddings', 5, 2)],
    layer: { prunable: false, lockedBy: 'positional' },
  },
  {
    title: 'what a normalisation scales with is not pruned',
    nodes: [{ opType: 'LayerNormalization', name: 'ln', inputs: ['x', 'w', 'b'] }],
    initializers: [weight('w', 3), weight('b', 3)],
    layer: { name: 'ln', operator: 'normalization', prunable: false, lockedBy: 'normalization' },
  },
];

for (const { title, nodes, initializers, layer } of CASES) {
  test(title, async (t) => {
    const { layers } = await open(t, modelOf(graph({ nodes: nodes.map(node), initializers })));
    const [first] = layers;
    assert.ok(first);
    for (const [key, value] of Object.entries(layer)) {
      assert.deepEqual(first[key as keyof Layer], value, key);
    }
  });
}

test('weights inside the graphs of a node come at their node, and names are told apart', async (t) => {
  const branch = (name: string): Buffer =>
    graph({
      name,
      nodes: [node({ opType: 'MatMul', name: `${name}/mm`, inputs: ['x', 'w'], outputs: ['o'] })],
      initializers: [weight('w', 2, 2)],
      inputs: [],
      outputs: ['o'],
    });
  const attributes = [inner('then_branch', branch('then')), inner('else_branch', branch('else'))];
  const main = graph({
    nodes: [
      node({ opType: 'If', inputs: ['x'], outputs: ['a'], attributes }),
      node({ opType: 'MatMul', name: 'last', inputs: ['a', 'v'] }),
    ],
    initializers: [weight('v', 2, 2)],
  });
  const { layers, tensors, notices } = await open(t, modelOf(main));
  assert.deepEqual(
    layers.map(({ name, weight: own }) => [name, own]),
    [
      ['then/mm', 'w'],
      ['else/mm', 'else/w'],
      ['last', 'v'],
    ],
  );
  assert.deepEqual(tensors.map(({ name }) => name).sort(), ['else/w', 'v', 'w']);
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['duplicate-name'],
  );
});

test("a function's weights are those of each call", async (t) => {
  const linear = message([
    field(1, 'Linear'),
    field(4, 'a'),
    field(4, 'b'),
    field(5, 'c'),
    field(7, node({ opType: 'MatMul', name: 'n0', inputs: ['a', 'b'], outputs: ['c'] })),
    field(10, 'local'),
  ]);
  const call = (x: string, w: string, y: string): Buffer =>
    node({ opType: 'Linear', domain: 'local', name: `call_${w}`, inputs: [x, w], outputs: [y] });
  const main = graph({
    nodes: [call('x', 'v', 'h'), call('h', 'w', 'y')],
    initializers: [weight('w', 2, 3), weight('v', 2, 2)],
  });
  const { layers } = await open(t, modelOf(main, [linear]));
  assert.deepEqual(
    layers.map(({ name, weight: own, unitCount }) => [name, own, unitCount]),
    [
      ['v', 'v', 2],
      ['w', 'w', 3],
    ],
  );
});

test('functions that call themselves, or one another without end, are refused', async (t) => {
  const call = (name: string, input: string, output: string): Buffer =>
    node({ opType: name, domain: 'local', inputs: [input], outputs: [output] });
  const twice = (name: string, inner: string): Buffer =>
    message([
      field(1, name),
      field(4, 'a'),
      field(5, 'c'),
      field(7, call(inner, 'a', 'b')),
      field(7, call(inner, 'b', 'c')),
      field(10, 'local'),
    ]);
  const main = graph({ nodes: [call('F0', 'x', 'y')] });
  const chain = Array.from({ length: 30 }, (_, i) => twice(`F${i}`, `F${i + 1}`));
  for (const functions of [[twice('F0', 'F0')], chain]) {
    await assert.rejects(open(t, modelOf(main, functions)), FormatError);
  }
});

test('dequantised codes carry the scale and zero point that the graph gives them', async (t) => {
  const codes = tensor({
    name: 'q',
    dims: [2, 2],
    dataType: 3,
    data: field(9, Buffer.from([1, 255, 3, 4])),
  });
  const zero = tensor({ name: 'z', dims: [2], dataType: 3, data: field(9, Buffer.from([0, 1])) });
  const main = graph({
    nodes: [
      node({
        opType: 'DequantizeLinear',
        inputs: ['q', 's', 'z'],
        outputs: ['w'],
        attributes: [int('axis', 0)],
      }),
      node({ opType: 'Gemm', inputs: ['x', 'w'], attributes: [int('transB', 1)] }),
    ],
    initializers: [codes, floatTensor('s', [2], [0.5, 0.25]), zero],
  });
  const { tensors } = await open(t, modelOf(main));
  assert.deepEqual(tensors.find(({ name }) => name === 'q')?.affine, {
    scales: [0.5, 0.25],
    zeroPoints: [0, 1],
    axis: 0,
  });
});

test('a weight that two nodes use is listed with both and stored once', async (t) => {
  const main = graph({
    nodes: [
      node({ opType: 'MatMul', name: 'a', inputs: ['x', 'w'], outputs: ['h'] }),
      node({ opType: 'MatMul', name: 'b', inputs: ['h', 'w'] }),
    ],
    initializers: [weight('w', 2, 2)],
  });
  const { layers, tensors } = await open(t, modelOf(main));
  assert.deepEqual(
    layers.map(({ name, weight: own }) => [name, own]),
    [
      ['a', 'w'],
      ['b', 'w'],
    ],
  );
  assert.equal(tensors.length, 1);
});
