// What a layer gives is linear in its weights: the squares of its outputs are w^T (X X^T) w, output by output.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedValue } from '../../../../src/core/graph/executor';
import type { GraphNode } from '../../../../src/core/graph/graph';
import type { OpaqueOperator, Operator } from '../../../../src/core/graph/operators/operator';
import type { RecurrentOperator } from '../../../../src/core/graph/operators/recurrent';
import { runReference } from '../../../../src/engines/reference/runReference';
import type { ValueShapes } from '../../../../src/core/graph/inferShapes';
import { inputNorms } from '../../../../src/engines/scoring/inputNorms';
import {
  type GroupVectors,
  type LayerInputs,
  layerInputs,
} from '../../../../src/engines/scoring/layerInputs';
import { ProductSum } from '../../../../src/engines/scoring/productSum';
import { seededRandom } from '../../../helpers/random';

type Known = Exclude<Operator, OpaqueOperator>;

interface LinearCase {
  readonly title: string;
  readonly operator: Known;
  readonly x: readonly number[];
  readonly kernel: readonly number[];
  /** Place of the kernel among the inputs; 1 without it. */
  readonly input?: 0 | 1;
}

const image = { strides: [1, 1], dilations: [1, 1], padding: 'valid', groups: 1 } as const;

const CASES: readonly LinearCase[] = [
  {
    title: 'a dense layer over a sequence',
    operator: { kind: 'dense', kernelLayout: 'in-out' },
    x: [3, 4, 5],
    kernel: [5, 2],
  },
  {
    title: 'a dense layer with its outputs first',
    operator: { kind: 'dense', kernelLayout: 'out-in' },
    x: [300, 5],
    kernel: [3, 5],
  },
  {
    title: 'a matrix product with the weight on the right, transposed',
    operator: { kind: 'matMul', transposeA: false, transposeB: true },
    x: [2, 3, 4],
    kernel: [5, 4],
  },
  {
    title: 'a matrix product with the weight on the left',
    operator: { kind: 'matMul', transposeA: false, transposeB: false },
    x: [2, 4, 3],
    kernel: [5, 4],
    input: 0,
  },
  {
    title: 'a convolution with strides, dilation and uneven padding, channels first',
    operator: {
      ...image,
      kind: 'convolution',
      kernelLayout: 'out-in-spatial',
      strides: [2, 1],
      dilations: [1, 2],
      padding: [
        [1, 0],
        [2, 1],
      ],
      dataFormat: 'channelsFirst',
    },
    x: [3, 2, 6, 5],
    kernel: [2, 2, 3, 2],
  },
  {
    title: 'a convolution of groups with the padding that fits',
    operator: {
      ...image,
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      groups: 2,
      strides: [2, 2],
      padding: 'same',
      dataFormat: 'channelsLast',
    },
    x: [2, 5, 4, 4],
    kernel: [3, 3, 2, 6],
  },
  {
    title: 'a convolution of groups as PyTorch keeps it',
    operator: {
      ...image,
      kind: 'convolution',
      kernelLayout: 'out-in-spatial',
      groups: 3,
      dataFormat: 'channelsFirst',
    },
    x: [2, 6, 4, 4],
    kernel: [3, 2, 2, 2],
  },
  {
    title: 'a convolution along one axis',
    operator: {
      ...image,
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      strides: [1],
      dilations: [2],
      padding: [[4, 0]],
      dataFormat: 'channelsLast',
    },
    x: [2, 7, 3],
    kernel: [3, 3, 2],
  },
  {
    title: 'a depthwise convolution of several outputs a channel',
    operator: {
      kind: 'depthwiseConvolution',
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'same',
      dataFormat: 'channelsLast',
    },
    x: [2, 4, 4, 3],
    kernel: [3, 3, 3, 2],
  },
  {
    title: 'a transposed convolution whose edges are cut off',
    operator: {
      ...image,
      kind: 'transposedConvolution',
      kernelLayout: 'in-out-spatial',
      strides: [2, 2],
      padding: [
        [1, 1],
        [1, 0],
      ],
      outputPadding: [0, 1],
      dataFormat: 'channelsFirst',
    },
    x: [2, 2, 3, 4],
    kernel: [2, 3, 3, 3],
  },
  {
    title: 'a transposed convolution of groups with dilation',
    operator: {
      ...image,
      kind: 'transposedConvolution',
      kernelLayout: 'in-out-spatial',
      groups: 2,
      strides: [1, 2],
      dilations: [2, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      outputPadding: [0, 0],
      dataFormat: 'channelsFirst',
    },
    x: [2, 4, 3, 3],
    kernel: [4, 2, 2, 3],
  },
  {
    title: 'a transposed convolution as Keras keeps it',
    operator: {
      ...image,
      kind: 'transposedConvolution',
      kernelLayout: 'spatial-out-in',
      strides: [2, 2],
      padding: 'same',
      outputPadding: null,
      dataFormat: 'channelsLast',
    },
    x: [2, 3, 3, 2],
    kernel: [3, 3, 3, 2],
  },
];

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Numbers that are exact in single precision. */
function drawn(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => Math.fround(random() - 0.5));
}

/** A value of a graph as an engine holds it: with the second axis last. */
function held(values: Float64Array, shape: readonly number[]): ObservedValue {
  const axes = shape.map((_, axis) => axis);
  const order = [0, ...axes.slice(2), 1].slice(0, shape.length);
  const strides = axes.map((axis) =>
    sizeOf(order.slice(order.indexOf(axis) + 1).map((one) => shape[one]!)),
  );
  const target = new Float32Array(values.length);
  values.forEach((value, flat) => {
    const at = axes.map((axis) => Math.floor(flat / sizeOf(shape.slice(axis + 1))) % shape[axis]!);
    target[at.reduce((sum, index, axis) => sum + index * strides[axis]!, 0)] = value;
  });
  return { shape, strides, values: target };
}

/** The sum over groups and outputs of w^T (X X^T) w. */
function quadraticForm(layer: LayerInputs, seen: ObservedValue, weights: Float64Array): number {
  const sums = Array.from({ length: layer.groups }, () => new ProductSum(layer.inputs));
  for (const { group, table } of layer.vectors(seen)) sums[group]!.add(table, 1);
  let total = 0;
  for (const [group, sum] of sums.entries()) {
    const { values, inputs } = sum.finish();
    for (let output = 0; output < layer.outputs; output++) {
      const own = Float64Array.from(
        { length: inputs },
        (_, input) => weights[layer.kernelIndex(group, input, output)]!,
      );
      own.forEach((a, i) => own.forEach((b, j) => (total += a * b * values[i * inputs + j]!)));
    }
  }
  return total;
}

function nodeOf(operator: Known, inputs: readonly (string | null)[]): GraphNode {
  return { id: 'node', layer: 'node', operator, inputs, outputs: ['y'] };
}

for (const { title, operator, x, kernel, input = 1 } of CASES) {
  test(`X X^T of ${title} gives the squares of its outputs, whatever the weights`, () => {
    const data = drawn(sizeOf(x), 7);
    const node = nodeOf(operator, input === 1 ? ['x', 'kernel', null] : ['kernel', 'x']);
    const shapes = new Map([['x', { shape: x, type: 'float32' as const }]]);
    const layer = layerInputs({ node, input }, shapes, kernel)!;
    assert.equal(layer.value, 'x');
    assert.equal(layer.groups * layer.inputs * layer.outputs, sizeOf(kernel));
    for (const seed of [1, 2, 3]) {
      const weights = drawn(sizeOf(kernel), seed);
      const array = (shape: readonly number[], values: Float64Array) =>
        ({ shape, type: 'float32', values }) as const;
      const given = [array(x, data), array(kernel, weights)];
      const [output] = runReference(operator, input === 1 ? [...given, null] : given.toReversed());
      const expected = output!.values.reduce((sum, value) => sum + value * value, 0);
      const found = quadraticForm(layer, held(data, x), weights);
      assert.ok(Math.abs(found - expected) <= 1e-9 * expected, `${found} for ${expected}`);
    }
  });
}

const linear = { name: 'linear' } as const;
const forwards = {
  reverse: false,
  activation: linear,
  outputActivation: linear,
  gateActivation: linear,
};

test('the hidden states that a recurrent kernel meets are those of the step before, in each direction', () => {
  const [time, batch, inputs, units] = [4, 3, 2, 2];
  const operator: RecurrentOperator = {
    kind: 'recurrent',
    cell: 'simple',
    form: 'onnx',
    units,
    gateOrder: 'h',
    directions: [forwards, { ...forwards, reverse: true }],
    batchFirst: false,
    resetAfter: false,
    clip: null,
  };
  const array = (shape: readonly number[], values: Float64Array) =>
    ({ shape, type: 'float32', values }) as const;
  const x = array([time, batch, inputs], drawn(time * batch * inputs, 1));
  const kernel = array([2, units, inputs], drawn(2 * units * inputs, 2));
  const recurrent = array([2, units, units], drawn(2 * units * units, 3));
  const none = [null, null, null, null] as const;
  const still = array(recurrent.shape, new Float64Array(recurrent.values.length));
  const [sequence] = runReference(operator, [x, kernel, recurrent, ...none]);
  const [direct] = runReference(operator, [x, kernel, still, ...none]);
  // Without activations a step gives what its input gives, plus the product of the kernel with the state before.
  const expected = sequence!.values.reduce(
    (sum, value, i) => sum + (value - direct!.values[i]!) ** 2,
    0,
  );
  const node = nodeOf(operator, ['x', 'kernel', 'recurrent', null, null, null, null]);
  const layer = layerInputs({ node, input: 2 }, new Map(), recurrent.shape)!;
  const shape = sequence!.shape;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const values = Float32Array.from(sequence!.values);
  const found = quadraticForm(layer, { shape, strides, values }, recurrent.values);
  assert.ok(Math.abs(found - expected) <= 1e-6 * expected, `${found} for ${expected}`);
});

test('the mean over what a recurrent kernel meets counts the zero state before the first step', () => {
  const [time, batch, units] = [4, 3, 2];
  const operator: RecurrentOperator = {
    kind: 'recurrent',
    cell: 'lstm',
    form: 'onnx',
    units,
    gateOrder: 'iofc',
    directions: [forwards, { ...forwards, reverse: true }],
    batchFirst: false,
    resetAfter: false,
    clip: null,
  };
  const node = nodeOf(operator, ['x', 'kernel', 'recurrent', null, null, null, null]);
  const layer = layerInputs({ node, input: 2 }, new Map(), [2, 4 * units, units])!;
  const shape = [time, 2, batch, units];
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const seen = { shape, strides, values: Float32Array.from(drawn(sizeOf(shape), 1)) };
  for (const { table, zeroVectors = 0 } of layer.vectors(seen)) {
    const sum = new ProductSum(units);
    sum.add(table, 1);
    sum.addZeros(zeroVectors, 1);
    assert.equal(sum.finish().samples, time * batch);
  }
});

test('vectors that are taken away again leave what the others gave', () => {
  const table = (values: Float64Array) => ({
    values,
    rows: Int32Array.from({ length: values.length / 3 }, (_, i) => 3 * i),
    columns: Int32Array.of(0, 1, 2),
  });
  const [kept, extra] = [table(drawn(300, 1)), table(drawn(30, 2))];
  const sums = [new ProductSum(3), new ProductSum(3)] as const;
  sums[0].add(kept, 1);
  sums[1].add(extra, 1);
  sums[1].add(kept, 1);
  sums[1].add(extra, -1);
  const [alone, both] = [sums[0].finish(), sums[1].finish()];
  assert.equal(both.samples, 100);
  alone.values.forEach((value, i) => assert.ok(Math.abs(both.values[i]! - value) <= 1e-12));
});

test('a table of embeddings has no vectors that its weights are multiplied with', () => {
  const node = nodeOf({ kind: 'gather', axis: 0 }, ['table', 'x']);
  assert.equal(layerInputs({ node, input: 0 }, new Map(), [7, 3]), null);
});

test('both sums over what a recurrent kernel meets know the same layers, and leave out a state given from outside', () => {
  const [time, batch, units] = [4, 3, 2];
  const operatorOf = (cell: 'lstm' | 'gru', resetAfter: boolean): RecurrentOperator => ({
    kind: 'recurrent',
    cell,
    form: 'onnx',
    units,
    gateOrder: cell === 'gru' ? 'zrh' : 'iofc',
    directions: [forwards],
    batchFirst: false,
    resetAfter,
    clip: null,
  });
  const shapesOf = (steps: number): ValueShapes =>
    new Map([['x', { shape: [steps, batch, 5], type: 'float32' }]]);
  const kernel = [1, 4 * units, units];
  const seenIn = (steps: number, operator: RecurrentOperator, start: string | null): boolean => {
    const node = nodeOf(operator, ['x', 'kernel', 'recurrent', null, start, null, null]);
    const use = { node, input: 2 };
    const vectors = layerInputs(use, shapesOf(steps), kernel);
    assert.equal(inputNorms(use, shapesOf(steps), kernel) === null, vectors === null);
    return vectors !== null;
  };
  const lstm = operatorOf('lstm', false);
  assert.ok(seenIn(time, lstm, null) && seenIn(1, lstm, null) && seenIn(time, lstm, 'start'));
  assert.ok(!seenIn(1, lstm, 'start'));
  assert.ok(seenIn(time, operatorOf('gru', true), null));
  assert.ok(!seenIn(time, operatorOf('gru', false), null));
  const node = nodeOf(lstm, ['x', 'kernel', 'recurrent', null, 'start', null, null]);
  const layer = layerInputs({ node, input: 2 }, shapesOf(time), kernel)!;
  const shape = [time, 1, batch, units];
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const seen = { shape, strides, values: Float32Array.from(drawn(sizeOf(shape), 1)) };
  const [{ table, zeroVectors = 0 }] = [...layer.vectors(seen)] as [GroupVectors];
  assert.deepEqual([table.rows.length, zeroVectors], [(time - 1) * batch, 0]);
});
