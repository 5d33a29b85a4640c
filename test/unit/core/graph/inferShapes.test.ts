import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../../../src/core/errors';
import type { Graph } from '../../../../src/core/graph/graph';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import { inferShapes } from '../../../../src/core/graph/inferShapes';
import { tensorsOf } from './tensorFixtures';

const tensors = tensorsOf({
  dense: [6, 5],
  conv: [3, 2, 4, 8],
  depthwise: [3, 3, 4, 2],
  mean: [4],
});
const window = { strides: [2, 1], dilations: [1, 1], dataFormat: 'channelsLast' } as const;
const conv: Operator = {
  kind: 'conv2d',
  kernel: 'conv',
  kernelLayout: 'HWIO',
  bias: null,
  groups: 1,
  padding: 'valid',
  ...window,
};
const bn: Operator = {
  kind: 'batchNormalization',
  axis: -1,
  epsilon: 0,
  gamma: null,
  beta: null,
  mean: 'mean',
  variance: 'mean',
};

const RULES: readonly (readonly [string, Operator, readonly number[], readonly number[]])[] = [
  ['a dense layer', dense('in-out'), [-1, 7, 6], [-1, 7, 5]],
  ['a valid convolution', conv, [-1, 9, 8, 4], [-1, 4, 7, 8]],
  ['a same convolution', { ...conv, padding: 'same' }, [-1, 9, 8, 4], [-1, 5, 8, 8]],
  ['an open image', conv, [-1, -1, -1, 4], [-1, -1, -1, 8]],
  [
    'explicit padding',
    {
      ...conv,
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
    [-1, 9, 8, 4],
    [-1, 5, 8, 8],
  ],
  [
    'dilation',
    { ...conv, strides: [1, 1], dilations: [2, 3], padding: 'valid' },
    [1, 9, 8, 4],
    [1, 5, 5, 8],
  ],
  [
    'a depthwise convolution',
    {
      kind: 'depthwiseConv2d',
      kernel: 'depthwise',
      kernelLayout: 'HWCM',
      bias: null,
      padding: 'same',
      ...window,
    },
    [-1, 9, 8, 4],
    [-1, 5, 8, 8],
  ],
  [
    'a pool with channels first',
    {
      kind: 'pool2d',
      mode: 'max',
      size: [2, 2],
      ...window,
      dataFormat: 'channelsFirst',
      padding: 'valid',
    },
    [-1, 4, 9, 8],
    [-1, 4, 4, 7],
  ],
  [
    'a global pool',
    { kind: 'globalPool2d', mode: 'max', dataFormat: 'channelsLast', keepDims: false },
    [-1, 9, 8, 4],
    [-1, 4],
  ],
  ['a normalisation', bn, [-1, 9, 4], [-1, 9, 4]],
  ['flatten', { kind: 'flatten', dataFormat: 'channelsFirst' }, [-1, 3, 4, 5], [-1, 60]],
  ['reshape', { kind: 'reshape', sampleShape: [5, -1] }, [-1, 3, 4, 5], [-1, 5, 12]],
];

for (const [name, operator, input, expected] of RULES) {
  test(`tells the shape that ${name} gives`, () => {
    assert.deepEqual(shapeOf(operator, input), expected);
  });
}

const MISFITS: readonly (readonly [string, Operator, readonly number[], RegExp])[] = [
  ['inputs to a dense layer', dense('out-in'), [-1, 6], /6 values.*5 inputs of dense/],
  ['channels to a convolution', conv, [-1, 9, 9, 3], /3 values.*4 channels of conv/],
  ['axes to a convolution', conv, [-1, 36], /shape \[any, 36\].*four axes/],
  ['pixels to a window', conv, [-1, 2, 2, 4], /smaller than the window/],
  ['values to a normalisation', bn, [-1, 5], /5 values.*4 mean/],
  [
    'values to a reshape',
    { kind: 'reshape', sampleShape: [7, -1] },
    [-1, 10],
    /10 values.*\[7, any\]/,
  ],
];

for (const [name, operator, input, message] of MISFITS) {
  test(`says both numbers where ${name} do not fit`, () => {
    assert.throws(
      () => shapeOf(operator, input),
      (error) => {
        assert.ok(error instanceof FormatError);
        assert.match(error.message, message);
        assert.match(error.message, /layer the layer/);
        return true;
      },
    );
  });
}

test('adds up the concatenated axis and refuses others that differ', () => {
  const concatenate: Operator = { kind: 'concatenate', axis: -1 };
  assert.deepEqual(shapeOf(concatenate, [-1, 4, 5], [-1, 4, 2]), [-1, 4, 7]);
  assert.throws(() => shapeOf(concatenate, [-1, 4, 5], [-1, 3, 2]), /but for axis -1/);
});

test('broadcasts merged shapes, new axes after the batch', () => {
  const add: Operator = { kind: 'merge', mode: 'add' };
  assert.deepEqual(shapeOf(add, [-1, 4, 5], [-1, 5], [-1, 4, 1]), [-1, 4, 5]);
  assert.throws(() => shapeOf(add, [-1, 4], [-1, 5]), /shapes that agree, or 1/);
});

test('knows no shape behind an opaque operator, nor of what reads it', () => {
  const graph = chain([{ kind: 'opaque', name: 'LSTM' }, dense('in-out')], [[-1, 6]]);
  assert.equal(inferShapes(graph, tensors).get('y1'), undefined);
});

test('names a tensor that the file has not', () => {
  const operator = { ...dense('in-out'), kernel: 'gone' } as Operator;
  assert.throws(() => shapeOf(operator, [-1, 6]), /no tensor gone/);
});

function dense(kernelLayout: 'in-out' | 'out-in'): Operator {
  return { kind: 'dense', kernel: 'dense', kernelLayout, bias: null };
}

function shapeOf(
  operator: Operator,
  ...inputs: readonly (readonly number[])[]
): readonly number[] | undefined {
  return inferShapes(chain([operator], inputs), tensors).get('y0');
}

function chain(operators: readonly Operator[], inputs: readonly (readonly number[])[]): Graph {
  const names = inputs.map((_, i) => `x${i}`);
  return {
    inputs: names.map((name, i) => ({ value: name, name, shape: inputs[i]! })),
    outputs: [{ value: `y${operators.length - 1}`, name: 'y' }],
    nodes: operators.map((operator, i) => ({
      id: `y${i}`,
      layer: 'the layer',
      operator,
      inputs: i === 0 ? names : [`y${i - 1}`],
      output: `y${i}`,
    })),
  };
}
