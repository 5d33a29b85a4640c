import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Graph, GraphNode } from '../../../../src/core/graph/graph';
import { inferShapes } from '../../../../src/core/graph/inferShapes';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import { inverseOrder } from '../../../../src/engines/tfjs/axisOrder';
import { withPhysicalLayouts } from '../../../../src/engines/tfjs/physicalLayout';
import { runNode } from '../../../../src/engines/tfjs/runNode';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';

before(async () => {
  await startTfjs();
});

const SHAPE = [2, 4, 6, 5];
const POOL: Operator = {
  kind: 'pool',
  mode: 'max',
  size: [1, 2],
  ceil: false,
  includePadding: false,
  strides: [1, 1],
  dilations: [1, 1],
  padding: 'same',
  dataFormat: 'channelsFirst',
};
const ADD: Operator = { kind: 'merge', mode: 'add', alignment: 'leading' };

/** Each after a pool over an image with channels first; oracle: the same operators in the graph's own order. */
const FOLLOWERS: readonly (readonly [title: string, Operator, readonly string[]])[] = [
  ['an activation', { kind: 'activation', function: { name: 'sigmoid' } }, ['p']],
  ['softmax over channels', { kind: 'activation', function: { name: 'softmax', axis: 1 } }, ['p']],
  ['softmax over columns', { kind: 'activation', function: { name: 'softmax', axis: -1 } }, ['p']],
  ['a sum with what is not turned', ADD, ['p', 'x']],
  ['a sum with a value a channel', ADD, ['channels', 'p']],
  ['a sum with a value a column', ADD, ['p', 'columns']],
  ['a sum with a single value', ADD, ['p', 'single']],
  ['a sum with more axes', ADD, ['p', 'more']],
  ['values after the batch', { ...ADD, alignment: 'afterBatch' }, ['p', 'batched']],
  ['a comparison', { kind: 'compare', mode: 'greater' }, ['p', 'x']],
  ['PReLU', { kind: 'prelu' }, ['p', 'channels']],
  ['concatenated channels', { kind: 'concatenate', axis: 1 }, ['p', 'x']],
  ['concatenated columns', { kind: 'concatenate', axis: -1 }, ['x', 'p']],
  ['a slice', { kind: 'slice', axes: [1, 3], starts: [1, 0], sizes: [2, 2], steps: [1, 2] }, ['p']],
  ['a reversal', { kind: 'reverse', axes: [1] }, ['p']],
  ['tiles', { kind: 'tile', repeats: [1, 2, 1, 3] }, ['p']],
  [
    'padding',
    {
      kind: 'pad',
      mode: 'reflect',
      value: 0,
      sides: [
        [0, 0],
        [1, 0],
        [0, 2],
        [-1, 1],
      ],
    },
    ['p'],
  ],
  ['means of rows', { kind: 'reduce', mode: 'mean', axes: [2], keepDims: false }, ['p']],
  ['means of channels', { kind: 'reduce', mode: 'mean', axes: [1], keepDims: false }, ['p']],
  ['means of images', { kind: 'reduce', mode: 'mean', axes: [-1, -2], keepDims: false }, ['p']],
  ['means that keep axes', { kind: 'reduce', mode: 'mean', axes: [1, 3], keepDims: true }, ['p']],
  [
    'a reduction to one number',
    { kind: 'reduce', mode: 'sum', axes: null, keepDims: false },
    ['p'],
  ],
  ['channels moved to the end', { kind: 'transpose', permutation: [0, 2, 3, 1] }, ['p']],
  ['axes moved about', { kind: 'transpose', permutation: [3, 1, 0, 2] }, ['p']],
  ['channels moved to the front', { kind: 'transpose', permutation: [0, 3, 1, 2] }, ['x']],
  ['a reshape', { kind: 'reshape', shape: [2, -1] }, ['p']],
  [
    'flattening in the order of channels last',
    { kind: 'flatten', dataFormat: 'channelsFirst' },
    ['p'],
  ],
  ['flattening as it is', { kind: 'flatten', dataFormat: 'channelsLast' }, ['p']],
  [
    'global means',
    { kind: 'globalPool', mode: 'average', dataFormat: 'channelsFirst', keepDims: true },
    ['p'],
  ],
  [
    'global maxima',
    { kind: 'globalPool', mode: 'max', dataFormat: 'channelsFirst', keepDims: false },
    ['p'],
  ],
  [
    'layer normalization',
    { kind: 'layerNormalization', axes: [1, 3], epsilon: 1e-3, rms: false },
    ['p', 'table'],
  ],
  [
    'group normalization',
    { kind: 'groupNormalization', groups: 2, epsilon: 1e-3, dataFormat: 'channelsFirst' },
    ['p'],
  ],
  [
    'largest channels',
    { kind: 'argReduce', mode: 'max', axis: 1, keepDims: false, last: false },
    ['p'],
  ],
];

for (const [title, operator, inputs] of FOLLOWERS) {
  test(`gives the same with channels held last: ${title}`, () => {
    const graph = graphOf([
      node('p', POOL, ['x']),
      node('q', operator, inputs),
      // What follows may work in either order.
      node('r', { kind: 'unary', function: 'negate' }, ['q']),
      node('s', { kind: 'identity' }, ['p']),
    ]);
    assertSame(graph);
  });
}

test('writes transpositions at the ends of a chain of image operators only', () => {
  const relu: Operator = { kind: 'activation', function: { name: 'sigmoid' } };
  const graph = graphOf([
    node('p', POOL, ['x']),
    node('a', relu, ['p']),
    node('b', POOL, ['a']),
    node('q', ADD, ['a', 'b']),
    node('r', { kind: 'reshape', shape: [2, -1] }, ['q']),
    node('s', { kind: 'identity' }, ['r']),
  ]);
  const { graph: physical, layouts } = withPhysicalLayouts(graph, inferShapes(graph, []));
  const kinds = physical.nodes.map(({ operator }) => operator.kind);
  assert.deepEqual(kinds.filter((kind) => kind === 'transpose').length, 2);
  assert.deepEqual([...layouts.keys()], ['p', 'a', 'b', 'q']);
  assertSame(graph);
});

test('turns a value once for all that want it, under an id that the graph does not have', () => {
  const graph = graphOf([
    node('x#turned', POOL, ['x']),
    node('q', POOL, ['x']),
    node('r', ADD, ['x#turned', 'q']),
    node('s', { kind: 'reshape', shape: [-1] }, ['q']),
  ]);
  const { graph: physical } = withPhysicalLayouts(graph, inferShapes(graph, []));
  const made = physical.nodes.flatMap(({ outputs }) => outputs);
  assert.equal(new Set(made).size, made.length);
  assert.equal(made.filter((value) => value === 'x#turned#').length, 1);
  assertSame(graph);
});

function node(value: string, operator: Operator, inputs: readonly string[]): GraphNode {
  return { id: value, layer: value, operator, inputs, outputs: [value] };
}

function graphOf(nodes: readonly GraphNode[]): Graph {
  const constant = (value: string, shape: readonly number[]) => {
    const values = numbers(shape.reduce((a, b) => a * b, 1));
    return { value, shape, type: 'float32' as const, values };
  };
  const made = new Set(nodes.map(({ id }) => id));
  const outputs = ['r', 's'].filter((value) => made.has(value));
  return {
    inputs: [{ name: 'x', value: 'x', shape: SHAPE, type: 'float32' }],
    outputs: outputs.map((value) => ({ name: value, value })),
    parameters: [],
    constants: [
      constant('channels', [4, 1, 1]),
      constant('columns', [5]),
      constant('single', [1]),
      constant('more', [3, 1, 4, 1, 1]),
      constant('batched', [2, 5]),
      constant('table', [4, 5]),
    ],
    nodes,
  };
}

/** Distinct, of both signs. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(i * i + 1));
}

/** Every value of the graph is, in its own order, what it is without layouts. */
function assertSame(graph: Graph): void {
  const { graph: physical, layouts } = withPhysicalLayouts(graph, inferShapes(graph, []));
  tf.tidy(() => {
    const [plain, held] = [runPlainly(graph), runPlainly(physical)];
    const ends = physical.outputs.map(({ value }, i) => [graph.outputs[i]!.value, value] as const);
    assert.ok(ends.every(([, value]) => !layouts.has(value)));
    const values = graph.nodes.map(({ id }) => [id, id] as const);
    for (const [value, own] of [...values, ...ends]) {
      const order = layouts.get(own);
      const found = held.get(own)!;
      const expected = plain.get(value)!;
      const turned = order === undefined ? found : tf.transpose(found, inverseOrder(order));
      assert.deepEqual(turned.shape, expected.shape, value);
      const gap = tf.max(tf.abs(tf.sub(tf.cast(turned, 'float32'), tf.cast(expected, 'float32'))));
      assert.ok(gap.dataSync()[0]! < 1e-6, `${value}: ${gap.dataSync()[0]!}`);
    }
  });
}

function runPlainly(graph: Graph): ReadonlyMap<string, tf.Tensor> {
  const values = new Map<string, tf.Tensor>([['x', tf.tensor(numbers(240), SHAPE)]]);
  for (const { value, shape, values: given } of graph.constants) {
    values.set(value, tf.tensor([...given], [...shape]));
  }
  for (const one of graph.nodes) {
    const inputs = one.inputs.map((value) => (value === null ? null : values.get(value)!));
    const outputs = runNode(one, inputs);
    one.outputs.forEach((value, i) => values.set(value!, outputs[i]!));
  }
  return values;
}
