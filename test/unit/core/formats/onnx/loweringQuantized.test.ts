// Integer codes as numbers and products of them, beside onnxruntime-web 1.30.0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBesideRuntime, Draw, readBytesAsOnnx, scalar } from './besideRuntime';
import { modelBytes, type ModelSpec, type NodeSpec, type OnnxArray } from './onnxNodes';

const floats = (values: readonly number[]): OnnxArray => ({
  type: 'float32',
  shape: [values.length],
  values,
});

const codes = (type: 'int8' | 'uint8', values: readonly number[]): OnnxArray => ({
  type,
  shape: [values.length],
  values,
});

test('activations are quantised and dequantised as in the runtime, per tensor and per axis', async () => {
  const x = new Draw(1).array([2, 3, 4], [-3, 3]);
  const initializers = {
    s: scalar(0.02),
    zi: scalar(-5, 'int8'),
    zu: scalar(120, 'uint8'),
    sa: floats([0.02, 0.05, 0.01]),
    za: codes('int8', [0, 3, -7]),
  };
  for (const given of [['s', 'zi'], ['s', 'zu'], ['s'], ['sa', 'za']]) {
    const attributes = { axis: 1 };
    const nodes: readonly NodeSpec[] = [
      { op: 'QuantizeLinear', inputs: ['x', ...given], outputs: ['q'], attributes },
      { op: 'DequantizeLinear', inputs: ['q', ...given], attributes },
    ];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers, open: ['x'] });
  }
});

test('a scale may count for a block of elements', async () => {
  const draw = new Draw(2);
  const initializers = {
    w: draw.array([2, 6], [-100, 100], 'int8'),
    s: draw.array([2, 3], [0.01, 0.1]),
    z: draw.array([2, 3], [-9, 9], 'int8'),
  };
  const attributes = { axis: 1, block_size: 2 };
  const nodes: readonly NodeSpec[] = [
    { op: 'DequantizeLinear', inputs: ['w', 's', 'z'], outputs: ['d'], attributes },
    { op: 'Add', inputs: ['x', 'd'] },
  ];
  await assertBesideRuntime({ opset: 21, nodes, inputs: { x: draw.array([2, 6]) }, initializers });
});

/** x through a Gemm with int8 weights that the graph makes real numbers of. */
const WEIGHT_MODEL: ModelSpec = {
  opset: 13,
  nodes: [
    { op: 'DequantizeLinear', inputs: ['w', 's', 'z'], outputs: ['d'], attributes: { axis: 0 } },
    { op: 'Gemm', inputs: ['x', 'd'], attributes: { transB: 1 } },
  ],
  inputs: { x: new Draw(3).array([2, 4]) },
  initializers: {
    w: new Draw(4).array([3, 4], [-100, 100], 'int8'),
    s: floats([0.02, 0.05, 0.01]),
    z: codes('int8', [0, 3, -7]),
  },
};

test('weights in codes are parameters of real numbers', async () => {
  await assertBesideRuntime(WEIGHT_MODEL);
  const { graph } = await readBytesAsOnnx(modelBytes(WEIGHT_MODEL));
  assert.deepEqual(
    graph!.nodes.map(({ operator, inputs }) => [operator.kind, inputs]),
    [['dense', ['x', '%w', null]]],
  );
});

test('scales found in the data are those of the runtime', async () => {
  for (const range of [
    [-2, 3],
    [0.5, 4],
    [-4, -1],
  ] as const) {
    const x = new Draw(5).array([3, 7], range);
    const nodes: readonly NodeSpec[] = [
      { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 's', 'z'] },
      { op: 'DequantizeLinear', inputs: ['q', 's', 'z'] },
    ];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, outputs: ['y', 's'] });
  }
});

test('products of codes are those of the runtime', async () => {
  const draw = new Draw(6);
  const a = draw.array([3, 5], [0, 255], 'uint8');
  const initializers = {
    b: draw.array([5, 4], [-100, 100], 'int8'),
    za: scalar(117, 'uint8'),
    zb: scalar(-3, 'int8'),
  };
  for (const more of [[], ['za'], ['za', 'zb']]) {
    const nodes = [{ op: 'MatMulInteger', inputs: ['a', 'b', ...more] }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { a }, initializers });
  }
  const x = draw.array([1, 2, 5, 6], [0, 255], 'uint8');
  const kernel = { ...initializers, w: draw.array([3, 2, 3, 3], [0, 255], 'uint8') };
  const nodes = [{ op: 'ConvInteger', inputs: ['x', 'w', 'za'], attributes: { strides: [2, 1] } }];
  await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers: kernel });
});

test('quantised layers give the codes of the runtime', async () => {
  const draw = new Draw(7);
  const x = draw.array([1, 2, 5, 6], [0, 255], 'uint8');
  const initializers: Record<string, OnnxArray> = {
    xs: scalar(0.03),
    xz: scalar(128, 'uint8'),
    w: draw.array([3, 2, 3, 3], [-100, 100], 'int8'),
    ws: floats([0.01, 0.02, 0.015]),
    wz: codes('int8', [0, 0, 0]),
    ys: scalar(0.2),
    yz: scalar(100, 'uint8'),
    b: draw.array([3], [-500, 500], 'int32'),
  };
  const names = ['x', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz', 'b'];
  const nodes = [{ op: 'QLinearConv', inputs: names, attributes: { pads: [1, 1, 1, 1] } }];
  await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers });
  const a = draw.array([3, 5], [0, 255], 'uint8');
  const product = {
    ...initializers,
    w: draw.array([5, 4], [0, 255], 'uint8'),
    wz: scalar(99, 'uint8'),
    ws: scalar(0.01),
  };
  const qnodes = [{ op: 'QLinearMatMul', inputs: ['a', ...names.slice(1, 8)] }];
  await assertBesideRuntime({ opset: 13, nodes: qnodes, inputs: { a }, initializers: product });
});

test('operators on codes give the codes of the runtime', async () => {
  const draw = new Draw(31);
  const domain = 'com.microsoft';
  const x = draw.array([2, 4, 6, 5], [0, 255], 'uint8');
  const unary = ['x', 'xs', 'xz', 'ys', 'yz'];
  const small = { xs: scalar(0.02), xz: scalar(120, 'uint8'), yz: scalar(90, 'uint8') };
  const initializers = { ...small, ys: scalar(0.017) };
  const pool = { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 0] };
  const cases: readonly (readonly [string, NodeSpec['attributes']])[] = [
    ['QLinearSigmoid', {}],
    ['QLinearLeakyRelu', { alpha: { float: 0.3 } }],
    ['QLinearAveragePool', pool],
    ['QLinearGlobalAveragePool', {}],
  ];
  for (const [op, attributes = {}] of cases) {
    const nodes = [{ op, domain, inputs: unary, attributes }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers });
  }
  const parts = ['ys', 'yz', 'x', 'xs', 'xz', 'x', 'ys', 'yz'];
  const joined = [{ op: 'QLinearConcat', domain, inputs: parts, attributes: { axis: 1 } }];
  await assertBesideRuntime({ opset: 13, nodes: joined, inputs: { x }, initializers });
});

test('a quantised Gemm gives the codes, or the numbers, of the runtime', async () => {
  const draw = new Draw(32);
  const a = draw.array([3, 5], [0, 255], 'uint8');
  const initializers = {
    as: scalar(0.02),
    az: scalar(120, 'uint8'),
    b: draw.array([4, 5], [-100, 100], 'int8'),
    bs: scalar(0.01),
    bz: scalar(0, 'int8'),
    c: draw.array([4], [-500, 500], 'int32'),
    ys: scalar(0.2),
    yz: scalar(100, 'uint8'),
  };
  const names = ['a', 'as', 'az', 'b', 'bs', 'bz', 'c'];
  for (const inputs of [names, [...names, 'ys', 'yz']]) {
    const attributes = { transB: 1 };
    const nodes = [{ op: 'QGemm', domain: 'com.microsoft', inputs, attributes }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { a }, initializers });
  }
});

test('weights of four bits in blocks are those of the runtime', async () => {
  const draw = new Draw(8);
  const x = draw.array([3, 40], [-1, 1]);
  const initializers = {
    w: draw.array([5, 2, 16], [0, 255], 'uint8'),
    s: draw.array([10], [0.01, 0.1]),
    z: draw.array([5], [0, 255], 'uint8'),
  };
  const attributes = { K: 40, N: 5, bits: 4, block_size: 32 };
  for (const more of [[], ['z']]) {
    const inputs = ['x', 'w', 's', ...more];
    const nodes = [{ op: 'MatMulNBits', domain: 'com.microsoft', inputs, attributes }];
    await assertBesideRuntime({ opset: 17, nodes, inputs: { x }, initializers });
  }
});
