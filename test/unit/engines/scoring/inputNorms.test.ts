import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedValue } from '../../../../src/core/graph/executor';
import type { GraphNode } from '../../../../src/core/graph/graph';
import type { OpaqueOperator, Operator } from '../../../../src/core/graph/operators/operator';
import { createRandom } from '../../../../src/core/random';
import { runReference } from '../../../../src/engines/reference/runReference';
import { inputNorms } from '../../../../src/engines/scoring/inputNorms';

type Known = Exclude<Operator, OpaqueOperator>;

interface LinearCase {
  readonly title: string;
  readonly operator: Known;
  /** Of the input. */
  readonly x: readonly number[];
  readonly kernel: readonly number[];
  /** Place of the kernel among the inputs; 1 without it. */
  readonly input?: 0 | 1;
  /** The engine holds the channels of an image last. */
  readonly heldLast?: boolean;
}

const sliding = { dilations: [1, 1], strides: [1, 1], padding: 'valid' } as const;

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
    x: [4, 5],
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
    title: 'a convolution with padding, strides and dilation',
    operator: {
      kind: 'convolution',
      kernelLayout: 'out-in-spatial',
      groups: 1,
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
    heldLast: true,
  },
  {
    title: 'a convolution of groups with the padding that fits',
    operator: {
      ...sliding,
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
    title: 'a convolution along one axis',
    operator: {
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      groups: 1,
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
      ...sliding,
      kind: 'depthwiseConvolution',
      padding: 'same',
      dataFormat: 'channelsLast',
    },
    x: [2, 4, 4, 3],
    kernel: [3, 3, 3, 2],
  },
  {
    title: 'a transposed convolution whose edges are cut off',
    operator: {
      kind: 'transposedConvolution',
      kernelLayout: 'in-out-spatial',
      groups: 1,
      strides: [2, 2],
      dilations: [1, 1],
      padding: [
        [1, 1],
        [1, 0],
      ],
      outputPadding: [0, 1],
      dataFormat: 'channelsFirst',
    },
    x: [2, 2, 3, 4],
    kernel: [2, 3, 3, 3],
    heldLast: true,
  },
  {
    title: 'a transposed convolution as Keras keeps it',
    operator: {
      kind: 'transposedConvolution',
      kernelLayout: 'spatial-out-in',
      groups: 1,
      strides: [2, 2],
      dilations: [1, 1],
      padding: 'same',
      outputPadding: null,
      dataFormat: 'channelsLast',
    },
    x: [2, 3, 3, 2],
    kernel: [3, 3, 2, 2],
  },
];

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function drawn(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.below(2001) / 1000 - 1);
}

/** A value of a graph as an engine holds it. */
function held(values: Float64Array, shape: readonly number[], last: boolean): ObservedValue {
  const order = last ? [0, ...shape.map((_, axis) => axis).slice(2), 1] : shape.map((_, i) => i);
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (const axis of order.toReversed()) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  const target = new Float32Array(values.length);
  values.forEach((value, flat) => {
    let rest = flat;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    target[at] = value;
  });
  return { shape, strides, values: target };
}

/** The squares of all that the layer gives when this weight is 1 and all others are 0. */
function squaresOfColumn(
  { operator, x, kernel, input = 1 }: LinearCase,
  data: Float64Array,
  at: number,
): number {
  const weights = new Float64Array(sizeOf(kernel));
  weights[at] = 1;
  const array = (shape: readonly number[], values: Float64Array) =>
    ({ shape, type: 'float32', values }) as const;
  const inputs = [array(x, data), array(kernel, weights)];
  const [output] = runReference(operator, input === 1 ? [...inputs, null] : inputs.toReversed());
  return output!.values.reduce((sum, value) => sum + value * value, 0);
}

for (const given of CASES) {
  test(`the squares that ${given.title} reads are those of the columns that its weights are multiplied with`, () => {
    const { operator, x, kernel, input = 1, heldLast = false } = given;
    const data = Float64Array.from(Float32Array.from(drawn(sizeOf(x), 7)));
    const inputs = input === 1 ? ['x', 'kernel', null] : ['kernel', 'x'];
    const node: GraphNode = { id: 'node', layer: 'node', operator, inputs, outputs: ['y'] };
    const shapes = new Map([['x', { shape: x, type: 'float32' as const }]]);
    const norms = inputNorms({ node, input }, shapes, kernel)!;
    assert.equal(norms.value, 'x');
    const sums = new Float64Array(norms.sumCount);
    norms.add(sums, held(data, x, heldLast), 1);
    const found = norms.expand(sums);
    assert.equal(found.length, sizeOf(kernel));
    found.forEach((square, i) => {
      const expected = squaresOfColumn(given, data, i);
      assert.ok(Math.abs(square - expected) <= 1e-9 * Math.max(1, expected), `weight ${i}`);
    });
  });
}
