import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../../../src/core/errors';
import type { Graph } from '../../../../src/core/graph/graph';
import type { Alignment } from '../../../../src/core/graph/operators/elementwise';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import { inferShapes } from '../../../../src/core/graph/inferShapes';
import { tensorsOf } from './tensorFixtures';

const tensors = tensorsOf({
  dense: [6, 5],
  conv: [3, 2, 4, 8],
  depthwise: [3, 3, 4, 2],
  line: [8, 2, 3],
  transposed: [3, 3, 8, 4],
  mean: [4],
  lstm: [6, 20],
  recurrent: [5, 20],
});
const WEIGHTS: readonly string[] = tensors.map(({ name }) => name);
const window = { strides: [2, 1], dilations: [1, 1], dataFormat: 'channelsLast' } as const;
const conv: Operator = {
  kind: 'convolution',
  kernelLayout: 'spatial-in-out',
  groups: 1,
  padding: 'valid',
  ...window,
};
const pool: Operator = {
  kind: 'pool',
  mode: 'max',
  size: [2, 2],
  ...window,
  dataFormat: 'channelsFirst',
  padding: 'valid',
  ceil: false,
  includePadding: false,
};
const transposed: Operator = {
  kind: 'transposedConvolution',
  kernelLayout: 'spatial-out-in',
  groups: 1,
  padding: 'same',
  outputPadding: null,
  ...window,
};
const bn: Operator = { kind: 'batchNormalization', axis: -1, epsilon: 0, momentum: 0.99 };
const BN_INPUTS = [null, null, 'mean', 'mean'];
const lstm: Operator = {
  kind: 'recurrent',
  cell: 'lstm',
  form: 'keras',
  units: 5,
  gateOrder: 'ifco',
  directions: [
    {
      reverse: false,
      activation: { name: 'tanh' },
      outputActivation: { name: 'tanh' },
      gateActivation: { name: 'sigmoid' },
    },
  ],
  batchFirst: true,
  resetAfter: false,
  clip: null,
};

/** A title, the operator, its weights, the shape of its input and of its output. */
type Rule = readonly [
  string,
  Operator,
  readonly (string | null)[],
  readonly number[],
  readonly number[],
];

const RULES: readonly Rule[] = [
  ['a dense layer', dense('in-out'), ['dense'], [-1, 7, 6], [-1, 7, 5]],
  ['a dense layer of one vector', dense('out-in'), ['dense'], [5], [6]],
  ['a valid convolution', conv, ['conv'], [-1, 9, 8, 4], [-1, 4, 7, 8]],
  ['a same convolution', { ...conv, padding: 'same' }, ['conv'], [-1, 9, 8, 4], [-1, 5, 8, 8]],
  ['an open image', conv, ['conv'], [-1, -1, -1, 4], [-1, -1, -1, 8]],
  [
    'explicit padding',
    {
      ...conv,
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
    ['conv'],
    [-1, 9, 8, 4],
    [-1, 5, 8, 8],
  ],
  [
    'dilation',
    { ...conv, strides: [1, 1], dilations: [2, 3], padding: 'valid' },
    ['conv'],
    [1, 9, 8, 4],
    [1, 5, 5, 8],
  ],
  [
    'a grouped convolution over one axis, channels first',
    {
      kind: 'convolution',
      kernelLayout: 'out-in-spatial',
      groups: 2,
      strides: [2],
      dilations: [1],
      padding: 'sameLower',
      dataFormat: 'channelsFirst',
    },
    ['line'],
    [-1, 4, 9],
    [-1, 8, 5],
  ],
  [
    'a depthwise convolution',
    { kind: 'depthwiseConvolution', padding: 'same', ...window },
    ['depthwise'],
    [-1, 9, 8, 4],
    [-1, 5, 8, 8],
  ],
  ['a transposed convolution', transposed, ['transposed'], [-1, 9, 5, 4], [-1, 18, 5, 8]],
  [
    'a transposed convolution with padding of its output',
    { ...transposed, padding: 'valid', outputPadding: [1, 0] },
    ['transposed'],
    [-1, 9, 5, 4],
    [-1, 20, 7, 8],
  ],
  ['a pool with channels first', pool, [], [-1, 4, 9, 8], [-1, 4, 4, 7]],
  [
    'a pool that counts a window cut short',
    { ...pool, ceil: true },
    [],
    [1, 4, 9, 8],
    [1, 4, 5, 7],
  ],
  [
    'a global pool',
    { kind: 'globalPool', mode: 'max', dataFormat: 'channelsLast', keepDims: false },
    [],
    [-1, 9, 8, 4],
    [-1, 4],
  ],
  ['a normalisation', bn, BN_INPUTS, [-1, 9, 4], [-1, 9, 4]],
  ['flatten', { kind: 'flatten', dataFormat: 'channelsFirst' }, [], [-1, 3, 4, 5], [-1, 60]],
  ['reshape', { kind: 'reshape', shape: [0, 5, -1] }, [], [-1, 3, 4, 5], [-1, 5, 12]],
  ['a recurrent layer', lstm, ['lstm', 'recurrent'], [-1, 7, 6], [-1, 7, 5]],
];

for (const [name, operator, weights, input, expected] of RULES) {
  test(`tells the shape that ${name} gives`, () => {
    assert.deepEqual(shapeOf(operator, [input], weights), expected);
  });
}

const MISFITS: readonly (readonly [
  string,
  Operator,
  readonly (string | null)[],
  readonly number[],
  RegExp,
])[] = [
  ['inputs to a dense layer', dense('out-in'), ['dense'], [-1, 6], /found 6 values.*5/],
  ['channels to a convolution', conv, ['conv'], [-1, 9, 9, 3], /found 3 channels.*4/],
  ['axes to a convolution', conv, ['conv'], [-1, 36], /shape \[any, 36\].*4 axes/],
  ['pixels to a window', conv, ['conv'], [-1, 2, 2, 4], /smaller than the window/],
  ['values to a normalisation', bn, BN_INPUTS, [-1, 5], /found 4 values of the mean.*5/],
  [
    'values to a reshape',
    { kind: 'reshape', shape: [0, 7, -1] },
    [],
    [-1, 10],
    /10 values.*\[0, 7, any\]/,
  ],
  ['features to a recurrent layer', lstm, ['lstm', 'recurrent'], [-1, 7, 3], /6 rows.*3/],
];

for (const [name, operator, weights, input, message] of MISFITS) {
  test(`says both numbers where ${name} do not fit`, () => {
    assert.throws(
      () => shapeOf(operator, [input], weights),
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
  assert.deepEqual(
    shapeOf(concatenate, [
      [-1, 4, 5],
      [-1, 4, 2],
    ]),
    [-1, 4, 7],
  );
  assert.throws(
    () =>
      shapeOf(concatenate, [
        [-1, 4, 5],
        [-1, 3, 2],
      ]),
    /but for axis -1/,
  );
});

test('broadcasts merged shapes, new axes after the batch or in front', () => {
  const add = (alignment: Alignment): Operator => ({ kind: 'merge', mode: 'add', alignment });
  const shapes = [
    [-1, 4, 5],
    [-1, 5],
    [-1, 4, 1],
  ];
  assert.deepEqual(shapeOf(add('afterBatch'), shapes), [-1, 4, 5]);
  assert.deepEqual(
    shapeOf(add('leading'), [
      [2, 4, 5],
      [4, 5],
    ]),
    [2, 4, 5],
  );
  assert.throws(
    () =>
      shapeOf(add('afterBatch'), [
        [-1, 4],
        [-1, 5],
      ]),
    /shapes that agree, or 1/,
  );
});

test('tells the type of what is counted, compared and cast', () => {
  const types = (operator: Operator): readonly (string | undefined)[] => {
    const facts = inferShapes(chain([operator], [[-1, 4]]), tensors);
    return ['y0', 'y0:1'].map((value) => facts.get(value)?.type);
  };
  assert.deepEqual(types({ kind: 'topK', k: 2, axis: -1, largest: true }), ['float32', 'int32']);
  assert.deepEqual(types({ kind: 'unary', function: 'isNaN' }), ['bool', undefined]);
  assert.deepEqual(types({ kind: 'cast', to: 'int32' }), ['int32', undefined]);
});

test('knows no shape behind an opaque operator, nor of what reads it', () => {
  const graph = chain([{ kind: 'opaque', name: 'Loop' }, dense('in-out')], [[-1, 6]], ['dense']);
  assert.equal(inferShapes(graph, tensors).get('y1'), undefined);
});

test('names a tensor that the file has not', () => {
  const graph = chain([dense('in-out')], [[-1, 6]], ['dense']);
  const missing = { value: '%gone', tensor: 'gone', type: 'float32' } as const;
  assert.throws(() => inferShapes({ ...graph, parameters: [missing] }, tensors), /no tensor gone/);
});

function dense(kernelLayout: 'in-out' | 'out-in'): Operator {
  return { kind: 'dense', kernelLayout };
}

/** The shape of the first output. */
function shapeOf(
  operator: Operator,
  inputs: readonly (readonly number[])[],
  weights: readonly (string | null)[] = [],
): readonly number[] | undefined {
  return inferShapes(chain([operator], inputs, weights), tensors).get('y0')?.shape;
}

/** Operators one after the other, each with the same weights after what it reads. */
function chain(
  operators: readonly Operator[],
  inputs: readonly (readonly number[])[],
  weights: readonly (string | null)[] = [],
): Graph {
  const names = inputs.map((_, i) => `x${i}`);
  const read = weights.map((name) => (name === null ? null : `%${name}`));
  return {
    inputs: names.map((name, i) => ({
      value: name,
      name,
      shape: inputs[i]!,
      type: 'float32',
    })),
    outputs: [{ value: `y${operators.length - 1}`, name: 'y' }],
    parameters: WEIGHTS.map((tensor) => ({ value: `%${tensor}`, tensor, type: 'float32' })),
    constants: [],
    nodes: operators.map((operator, i) => ({
      id: `y${i}`,
      layer: 'the layer',
      operator,
      inputs: [...(i === 0 ? names : [`y${i - 1}`]), ...read],
      outputs: [`y${i}`, `y${i}:1`],
    })),
  };
}
