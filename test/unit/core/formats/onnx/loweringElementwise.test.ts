// Element by element operators, activations, reductions and normalizations, beside onnxruntime-web 1.30.0.
import { test } from 'node:test';
import { assertBesideRuntime, Draw, longs, scalar } from './besideRuntime';
import type { AttributeValue, ModelSpec, OnnxArray } from './onnxNodes';

interface UnaryCase {
  readonly op: string;
  readonly opset?: number;
  readonly domain?: string;
  readonly range?: readonly [number, number];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

const float = (value: number): AttributeValue => ({ float: value });

const UNARY: readonly UnaryCase[] = [
  ...['Abs', 'Atan', 'Asinh', 'Ceil', 'Cos', 'Erf', 'Exp', 'Floor', 'Neg', 'Round', 'Sigmoid'].map(
    (op) => ({ op }),
  ),
  ...[
    'Sign',
    'Sin',
    'Sinh',
    'Cosh',
    'Tan',
    'Tanh',
    'Softplus',
    'Softsign',
    'Relu',
    'HardSwish',
  ].map((op) => ({ op, range: [-1.4, 1.4] as const })),
  ...['Acos', 'Asin', 'Atanh'].map((op) => ({ op, range: [-0.9, 0.9] as const })),
  ...['Sqrt', 'Log', 'Reciprocal'].map((op) => ({ op, range: [0.1, 4] as const })),
  { op: 'Acosh', range: [1.1, 4] },
  { op: 'Identity' },
  { op: 'LeakyRelu', attributes: { alpha: float(0.3) } },
  { op: 'LeakyRelu' },
  { op: 'ThresholdedRelu', attributes: { alpha: float(0.7) } },
  { op: 'Elu', attributes: { alpha: float(0.6) } },
  { op: 'Celu', attributes: { alpha: float(0.6) } },
  { op: 'Selu' },
  { op: 'Selu', attributes: { alpha: float(1.2), gamma: float(0.8) } },
  { op: 'HardSigmoid', attributes: { alpha: float(0.4), beta: float(0.3) } },
  { op: 'HardSigmoid' },
  { op: 'Mish', opset: 18 },
  { op: 'Gelu', opset: 20 },
  { op: 'Gelu', opset: 20, attributes: { approximate: 'tanh' } },
  { op: 'Shrink', attributes: { lambd: float(0.5), bias: float(0.2) } },
  { op: 'Clip', opset: 9, attributes: { min: float(-0.5), max: float(0.7) } },
  { op: 'Clip', opset: 9 },
  { op: 'Gelu', domain: 'com.microsoft' },
  { op: 'FastGelu', domain: 'com.microsoft' },
  { op: 'QuickGelu', domain: 'com.microsoft', attributes: { alpha: float(1.3) } },
  ...[12, 17].flatMap((opset) =>
    ['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
      { op, opset },
      ...[0, 1, 2].map((axis) => ({ op, opset, attributes: { axis } })),
    ]),
  ),
];

const USUAL_RANGE = [-2, 2] as const;

for (const [at, { op, opset = 17, domain, range, attributes = {} }] of UNARY.entries()) {
  const label = `${domain === undefined ? '' : `${domain}.`}${op} ${JSON.stringify(attributes)}`;
  test(`${label} at opset ${opset} is what the runtime computes`, async () => {
    const draw = new Draw(at);
    const x = draw.array([3, draw.int(2, 4), draw.int(2, 5)], range ?? USUAL_RANGE);
    const node = { op, inputs: ['x'], attributes, ...(domain === undefined ? {} : { domain }) };
    await assertBesideRuntime({ opset, nodes: [node], inputs: { x }, open: ['x'] });
  });
}

/** Shapes that broadcast against each other. */
const PAIRS: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], [4]],
  [[2, 3, 4], []],
  [
    [3, 1],
    [2, 1, 4],
  ],
  [[1], [3, 2]],
];

const BINARY: readonly (readonly [op: string, range: readonly [number, number]])[] = [
  ['Add', [-2, 2]],
  ['Sub', [-2, 2]],
  ['Mul', [-2, 2]],
  ['Div', [0.5, 2]],
  ['Pow', [0.5, 2]],
  ['Max', [-2, 2]],
  ['Min', [-2, 2]],
  ['Sum', [-2, 2]],
  ['Mean', [-2, 2]],
  ['PRelu', [-2, 2]],
  ['Greater', [-2, 2]],
  ['LessOrEqual', [-2, 2]],
];

for (const [op, range] of BINARY) {
  test(`${op} broadcasts as in the runtime`, async () => {
    const draw = new Draw(op.length);
    for (const [first, second] of PAIRS) {
      if (op === 'PRelu' && second.length > first.length) continue;
      const inputs = { a: draw.array(first, range), b: draw.array(second, range) };
      await assertBesideRuntime({ opset: 17, nodes: [{ op, inputs: ['a', 'b'] }], inputs });
      const { a, b } = inputs;
      const nodes = [{ op, inputs: ['a', 'w'] }];
      await assertBesideRuntime({ opset: 17, nodes, inputs: { a }, initializers: { w: b } });
    }
  });
}

test('integers divide towards zero, and remainders have the sign that fmod says', async () => {
  const draw = new Draw(5);
  const a = draw.array([4, 5], [-9, 9], 'int32');
  const b: OnnxArray = { ...a, values: a.values.map((_, i) => [3, -3, 2, -2, 4][i % 5]!) };
  const inputs = { a, b };
  await assertBesideRuntime({ opset: 17, nodes: [{ op: 'Div', inputs: ['a', 'b'] }], inputs });
  for (const attributes of [{}, { fmod: 1 }]) {
    const nodes = [{ op: 'Mod', inputs: ['a', 'b'], attributes }];
    await assertBesideRuntime({ opset: 17, nodes, inputs });
  }
});

test('logic, comparisons and choices are those of the runtime', async () => {
  const draw = new Draw(6);
  const a = draw.array([3, 4], [0, 1], 'bool');
  const b = draw.array([4], [0, 1], 'bool');
  for (const op of ['And', 'Or', 'Xor']) {
    await assertBesideRuntime({ opset: 17, nodes: [{ op, inputs: ['a', 'b'] }], inputs: { a, b } });
  }
  await assertBesideRuntime({ opset: 17, nodes: [{ op: 'Not', inputs: ['a'] }], inputs: { a } });
  const [x, y] = [draw.array([3, 4]), draw.array([3, 1])];
  const nodes = [{ op: 'Where', inputs: ['a', 'x', 'z'] }];
  await assertBesideRuntime({ opset: 17, nodes, inputs: { a, x, z: y }, open: ['x'] });
});

test('bounds of Clip may be initializers, computed, or absent', async () => {
  const x = new Draw(7).array([3, 4]);
  const inputs = { x, low: scalar(-0.5) };
  const clip = (names: readonly string[]): ModelSpec => ({
    opset: 17,
    nodes: [{ op: 'Clip', inputs: ['x', ...names] }],
    inputs,
    initializers: { min: scalar(-1), max: scalar(0.5) },
  });
  for (const names of [[], ['min'], ['', 'max'], ['min', 'max'], ['low', 'max']]) {
    await assertBesideRuntime(clip(names));
  }
});

test('values are cast as in the runtime', async () => {
  const x: OnnxArray = { type: 'float32', shape: [5], values: [-1.7, -0.4, 0, 0.6, 2.5] };
  for (const to of [1, 6, 7, 9, 10]) {
    const cast = { op: 'Cast', inputs: ['x'], outputs: ['c'], attributes: { to } };
    const back = { op: 'Cast', inputs: ['c'], attributes: { to: 1 } };
    await assertBesideRuntime({ opset: 17, nodes: [cast, back], inputs: { x } }, 1e-3);
  }
});

const REDUCTIONS = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'SumSquare', 'LogSum'].map(
  (name) => `Reduce${name}`,
);

for (const op of [...REDUCTIONS, 'ReduceLogSumExp']) {
  test(`${op} reduces as in the runtime, with axes as attribute and as input`, async () => {
    const draw = new Draw(op.length);
    const x = draw.array([2, 3, 4], [0.2, 2]);
    for (const axes of [null, [1], [-1, 0]]) {
      const keepdims = draw.int(0, 1);
      const attributes = axes === null ? { keepdims } : { keepdims, axes };
      const old = { op, inputs: ['x'], attributes };
      await assertBesideRuntime({ opset: 12, nodes: [old], inputs: { x }, open: ['x'] });
      const names = axes === null ? ['x'] : ['x', 'axes'];
      const initializers = axes === null ? {} : { axes: longs(axes) };
      const nodes = [{ op, inputs: names, attributes: { keepdims } }];
      await assertBesideRuntime({ opset: 18, nodes, inputs: { x }, initializers, open: ['x'] });
    }
    const nodes = [{ op, inputs: ['x'], attributes: { noop_with_empty_axes: 1 } }];
    if (op === 'ReduceSum') await assertBesideRuntime({ opset: 18, nodes, inputs: { x } });
  });
}

test('the places and values of the largest elements are those of the runtime', async () => {
  const x = new Draw(9).array([3, 4, 5]);
  for (const op of ['ArgMax', 'ArgMin']) {
    for (const attributes of [{}, { axis: -1, keepdims: 0 }, { axis: 1, select_last_index: 1 }]) {
      await assertBesideRuntime({
        opset: 13,
        nodes: [{ op, inputs: ['x'], attributes }],
        inputs: { x },
      });
    }
  }
  for (const attributes of [{}, { axis: 1, largest: 0 }]) {
    const nodes = [{ op: 'TopK', inputs: ['x', 'k'], outputs: ['v', 'i'], attributes }];
    const spec = { opset: 17, nodes, inputs: { x }, outputs: ['v', 'i'] };
    await assertBesideRuntime({ ...spec, initializers: { k: longs([3]) } });
  }
});

test('sums add up as in the runtime', async () => {
  const x = new Draw(10).array([3, 4]);
  for (const attributes of [{}, { exclusive: 1 }, { reverse: 1 }, { exclusive: 1, reverse: 1 }]) {
    const nodes = [{ op: 'CumSum', inputs: ['x', 'axis'], attributes }];
    const initializers = { axis: scalar(1, 'int64') };
    await assertBesideRuntime({ opset: 14, nodes, inputs: { x }, initializers });
  }
});

test('normalizations are those of the runtime', async () => {
  const draw = new Draw(11);
  const x = draw.array([2, 4, 3, 5]);
  const perChannel = (low = -1): OnnxArray => draw.array([4], [low, 2]);
  const initializers = {
    gamma: perChannel(),
    beta: perChannel(),
    mean: perChannel(),
    variance: perChannel(0.1),
  };
  const all = ['x', 'gamma', 'beta', 'mean', 'variance'];
  const epsilon = float(1e-3);
  const specs: readonly (readonly [number, ModelSpec['nodes'][number]])[] = [
    [9, { op: 'BatchNormalization', inputs: all, attributes: { epsilon } }],
    [15, { op: 'BatchNormalization', inputs: all }],
    [17, { op: 'InstanceNormalization', inputs: all.slice(0, 3), attributes: { epsilon } }],
    [21, { op: 'GroupNormalization', inputs: all.slice(0, 3), attributes: { num_groups: 2 } }],
    [17, { op: 'LRN', inputs: ['x'], attributes: { size: 3, alpha: float(0.01), bias: float(2) } }],
    [17, { op: 'LRN', inputs: ['x'], attributes: { size: 5 } }],
    [17, { op: 'LpNormalization', inputs: ['x'], attributes: { axis: 1, p: 1 } }],
    [17, { op: 'LpNormalization', inputs: ['x'] }],
    [17, { op: 'MeanVarianceNormalization', inputs: ['x'] }],
  ];
  for (const [opset, node] of specs) {
    await assertBesideRuntime({ opset, nodes: [node], inputs: { x }, initializers, open: ['x'] });
  }
});

test('layer normalization scales as in the runtime, also what is broadcast', async () => {
  const draw = new Draw(12);
  const x = draw.array([2, 3, 4]);
  for (const [axis, shape] of [
    [-1, [4]],
    [1, [3, 4]],
    [-2, [3, 4]],
  ] as const) {
    const initializers = { gamma: draw.array(shape), beta: draw.array(shape) };
    const op = 'LayerNormalization';
    const nodes = [{ op, inputs: ['x', 'gamma', 'beta'], attributes: { axis } }];
    await assertBesideRuntime({ opset: 17, nodes, inputs: { x }, initializers, open: ['x'] });
  }
  const initializers = { gamma: draw.array([4]), beta: draw.array([4]), bias: draw.array([4]) };
  const domain = 'com.microsoft';
  const skip = draw.array([2, 3, 4]);
  const inputs = ['x', 'skip', 'gamma', 'beta', 'bias'];
  const skipped = { op: 'SkipLayerNormalization', domain, inputs };
  await assertBesideRuntime({ opset: 17, nodes: [skipped], inputs: { x, skip }, initializers });
  const simple = { op: 'SimplifiedLayerNormalization', inputs: ['x', 'gamma'] };
  await assertBesideRuntime({ opset: 17, nodes: [simple], inputs: { x }, initializers });
  const rms = { op: 'RMSNormalization', inputs: ['x', 'gamma'] };
  await assertBesideRuntime({ opset: 23, nodes: [rms], inputs: { x }, initializers });
});
