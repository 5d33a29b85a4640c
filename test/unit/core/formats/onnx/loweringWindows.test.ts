// Convolutions, pools, resizing and products over random attributes, beside onnxruntime-web 1.30.0.
import { test } from 'node:test';
import { assertBesideRuntime, Draw, longs } from './besideRuntime';
import type { AttributeValue, OnnxArray } from './onnxNodes';

type Attributes = Readonly<Record<string, AttributeValue>>;

const ROUNDS = 12;

/** Strides, dilations and padding for a random window, as attributes. */
function windowAttributes(draw: Draw, rank: number, most = 2): Attributes {
  const list = (least: number, largest: number): number[] =>
    Array.from({ length: rank }, () => draw.int(least, largest));
  const padding = draw.pick<Attributes>([
    { pads: [...list(0, most), ...list(0, most)] },
    { auto_pad: 'SAME_UPPER' },
    { auto_pad: 'SAME_LOWER' },
    { auto_pad: 'VALID' },
    {},
  ]);
  return { strides: list(1, 2), ...padding };
}

test('convolutions of one and two axes, with groups, are those of the runtime', async () => {
  const draw = new Draw(1);
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const rank = draw.int(1, 2);
    const [groups, inputs, outputs] = draw.pick([
      [1, 3, 4],
      [2, 4, 6],
      [4, 4, 4],
      [3, 3, 6],
    ] as const);
    const size = Array.from({ length: rank }, () => draw.int(7, 10));
    const window = Array.from({ length: rank }, () => draw.int(1, 3));
    const padding = windowAttributes(draw, rank);
    // Padding that is to keep the size goes with plain windows in the runtime.
    const dilations = 'auto_pad' in padding ? {} : { dilations: size.map(() => draw.int(1, 2)) };
    const attributes = { group: groups, ...padding, ...dilations };
    const initializers = {
      w: draw.array([outputs, inputs / groups, ...window]),
      b: draw.array([outputs]),
    };
    const names = draw.pick([
      ['x', 'w'],
      ['x', 'w', 'b'],
    ]);
    const x = draw.array([2, inputs, ...size]);
    const nodes = [{ op: 'Conv', inputs: names, attributes }];
    await assertBesideRuntime({ opset: 17, nodes, inputs: { x }, initializers, open: ['x'] });
  }
});

test('transposed convolutions are those of the runtime', async () => {
  const draw = new Draw(2);
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const rank = draw.int(1, 2);
    const groups = draw.pick([1, 2]);
    const size = Array.from({ length: rank }, () => draw.int(3, 5));
    const window = Array.from({ length: rank }, () => draw.int(2, 4));
    const stride = draw.int(1, 2);
    const strides = size.map(() => stride);
    const given = draw.pick<Attributes>([
      { pads: [...size.map(() => draw.int(0, 1)), ...size.map(() => draw.int(0, 1))] },
      { auto_pad: 'SAME_UPPER' },
      { auto_pad: 'SAME_LOWER' },
      { output_shape: size.map((length, i) => (length - 1) * stride + window[i]! - 1) },
      stride === 2 ? { output_padding: size.map(() => draw.int(0, 1)) } : {},
    ]);
    const attributes = { group: groups, strides, ...given };
    const initializers = { w: draw.array([4, 3, ...window]), b: draw.array([3 * groups]) };
    const x = draw.array([2, 4, ...size]);
    const nodes = [{ op: 'ConvTranspose', inputs: ['x', 'w', 'b'], attributes }];
    await assertBesideRuntime({ opset: 17, nodes, inputs: { x }, initializers, open: ['x'] });
  }
});

for (const op of ['MaxPool', 'AveragePool', 'LpPool']) {
  test(`${op} takes windows as in the runtime`, async () => {
    const draw = new Draw(op.length);
    for (let round = 0; round < 2 * ROUNDS; round++) {
      const rank = draw.int(1, 2);
      const window = Array.from({ length: rank }, () => draw.int(2, 3));
      const padding = windowAttributes(draw, rank, 1);
      const isSame = 'auto_pad' in padding;
      if (op === 'LpPool' && isSame) continue;
      const attributes = {
        kernel_shape: window,
        ...padding,
        ...(op === 'LpPool' || isSame ? {} : { ceil_mode: draw.int(0, 1) }),
        ...(op === 'AveragePool' && !isSame ? { count_include_pad: draw.int(0, 1) } : {}),
        ...(op === 'MaxPool' && !isSame ? { dilations: window.map(() => draw.int(1, 2)) } : {}),
        ...(op === 'LpPool' ? { p: draw.int(1, 3) } : {}),
      };
      const x = draw.array([2, 3, ...window.map(() => draw.int(6, 9))], [-2, -0.1]);
      const nodes = [{ op, inputs: ['x'], attributes }];
      await assertBesideRuntime({ opset: 18, nodes, inputs: { x }, open: ['x'] });
    }
  });
}

test('global pools are those of the runtime', async () => {
  const x = new Draw(4).array([2, 3, 4, 5]);
  for (const op of ['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool']) {
    await assertBesideRuntime({
      opset: 17,
      nodes: [{ op, inputs: ['x'] }],
      inputs: { x },
      open: ['x'],
    });
  }
});

test('images are resized as in the runtime, in every mode', async () => {
  const draw = new Draw(5);
  const coordinates = ['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'];
  for (const mode of ['nearest', 'linear', 'cubic']) {
    for (const coordinate_transformation_mode of coordinates) {
      const nearest_mode = draw.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']);
      const x = draw.array([2, 3, draw.int(3, 5), draw.int(3, 5)]);
      const attributes = {
        mode,
        coordinate_transformation_mode,
        ...(mode === 'nearest' ? { nearest_mode } : {}),
      };
      const sizes = longs([2, 3, draw.int(2, 8), draw.int(2, 8)]);
      const bySize = { op: 'Resize', inputs: ['x', '', '', 'sizes'], attributes };
      await assertBesideRuntime({
        opset: 17,
        nodes: [bySize],
        inputs: { x },
        initializers: { sizes },
      });
      const scales: OnnxArray = { type: 'float32', shape: [4], values: [1, 1, 2, 1.5] };
      const byScale = { op: 'Resize', inputs: ['x', '', 'scales'], attributes };
      const initializers = { scales };
      await assertBesideRuntime({
        opset: 17,
        nodes: [byScale],
        inputs: { x },
        initializers,
        open: ['x'],
      });
    }
  }
});

test('places of a nearest resize are divided in float32 as in the runtime', async () => {
  const attributes = {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  };
  const x = new Draw(21).array([1, 1, 20, 31]);
  for (const scale of [1.7, 1.1, 0.6, 2.3]) {
    const scales: OnnxArray = { type: 'float32', shape: [4], values: [1, 1, scale, scale] };
    const nodes = [{ op: 'Resize', inputs: ['x', '', 'scales'], attributes }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers: { scales } });
  }
  for (const [height, width] of [
    [33, 49],
    [15, 22],
    [140, 93],
  ] as const) {
    const sizes = longs([1, 1, height, width]);
    const nodes = [{ op: 'Resize', inputs: ['x', '', '', 'sizes'], attributes }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers: { sizes } });
  }
});

test('images are enlarged as in the runtime by the operators of older sets', async () => {
  const x = new Draw(6).array([1, 2, 3, 4]);
  const scales: OnnxArray = { type: 'float32', shape: [4], values: [1, 1, 2, 2] };
  for (const mode of ['nearest', 'linear']) {
    for (const [op, opset] of [
      ['Upsample', 9],
      ['Resize', 10],
    ] as const) {
      const nodes = [{ op, inputs: ['x', 'scales'], attributes: { mode } }];
      await assertBesideRuntime({ opset, nodes, inputs: { x }, initializers: { scales } });
    }
  }
  const attributes = { scales: { floats: [1, 1, 2, 3] }, mode: 'nearest' };
  const nodes = [{ op: 'Upsample', inputs: ['x'], attributes }];
  await assertBesideRuntime({ opset: 7, nodes, inputs: { x } });
});

test('channels go into space and back as in the runtime', async () => {
  const x = new Draw(7).array([2, 8, 4, 6]);
  for (const mode of ['DCR', 'CRD']) {
    const nodes = [{ op: 'DepthToSpace', inputs: ['x'], attributes: { blocksize: 2, mode } }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, open: ['x'] });
  }
  const nodes = [{ op: 'SpaceToDepth', inputs: ['x'], attributes: { blocksize: 2 } }];
  await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, open: ['x'] });
});

test('Gemm scales, turns and adds as in the runtime', async () => {
  const draw = new Draw(8);
  for (let round = 0; round < ROUNDS; round++) {
    const [transA, transB] = [draw.int(0, 1), draw.int(0, 1)];
    const factors = draw.pick<Attributes>([
      {},
      { alpha: { float: 0.5 } },
      { alpha: { float: 2 }, beta: { float: 0.3 } },
      { beta: { float: 0 } },
    ]);
    const x = draw.array(transA === 1 ? [3, 2] : [2, 3]);
    const initializers = {
      w: draw.array(transB === 1 ? [4, 3] : [3, 4]),
      b: draw.array(draw.pick([[4], [2, 4], [1], [1, 4], []])),
    };
    const attributes = { transA, transB, ...factors };
    const nodes = [{ op: 'Gemm', inputs: ['x', 'w', 'b'], attributes }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers });
  }
});

test('matrix products broadcast as in the runtime, with weights and without', async () => {
  const draw = new Draw(9);
  const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
    [
      [2, 3],
      [3, 4],
    ],
    [
      [2, 5, 3],
      [3, 4],
    ],
    [
      [2, 5, 3],
      [2, 3, 4],
    ],
    [
      [2, 1, 5, 3],
      [4, 3, 2],
    ],
    [[3], [3, 4]],
    [[2, 3], [3]],
    [[2, 4, 3], [3]],
    [[3], [3]],
    [
      [2, 3],
      [5, 3, 4],
    ],
  ];
  for (const [first, second] of shapes) {
    const [x, w] = [draw.array(first), draw.array(second)];
    const nodes = [{ op: 'MatMul', inputs: ['x', 'w'] }];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x, w } });
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x }, initializers: { w } });
    await assertBesideRuntime({ opset: 13, nodes, inputs: { w }, initializers: { x } });
  }
});

test('a fused product turns matrices and batches round as in the runtime', async () => {
  const draw = new Draw(51);
  const inputs = { a: draw.array([3, 2, 4]), b: draw.array([4, 2, 5]) };
  const turned = { a: draw.array([4, 2, 3]), b: draw.array([5, 2, 4]) };
  for (const [flag, given] of [
    [0, inputs],
    [1, turned],
  ] as const) {
    const turns = { transA: flag, transB: flag, transBatchA: 1, transBatchB: 1 };
    const attributes = { ...turns, alpha: { float: 0.3 } };
    const fused = { op: 'FusedMatMul', domain: 'com.microsoft', inputs: ['a', 'b'], attributes };
    await assertBesideRuntime({ opset: 17, nodes: [fused], inputs: given });
  }
});

test('a product with a kernel turned round is a dense layer that gives the same', async () => {
  const draw = new Draw(10);
  const nodes = [
    { op: 'Transpose', inputs: ['w'], outputs: ['t'], attributes: { perm: [1, 0] } },
    { op: 'MatMul', inputs: ['x', 't'] },
  ];
  const initializers = { w: draw.array([4, 3]) };
  await assertBesideRuntime({
    opset: 13,
    nodes,
    inputs: { x: draw.array([2, 5, 3]) },
    initializers,
  });
});

test('Einsum sums as in the runtime', async () => {
  const draw = new Draw(11);
  const two = { a: [2, 3, 4], b: [2, 4, 5] };
  const equations: readonly (readonly [string, Readonly<Record<string, readonly number[]>>])[] = [
    ['bij,bjk->bik', two],
    ['bij,bjk->bki', two],
    ['bij,bjk', two],
    ['bij,bjk->ik', two],
    ['...ij,...jk->...ik', two],
    ['bhqd,bhkd->bhqk', { a: [2, 2, 3, 4], b: [2, 2, 5, 4] }],
    ['ij->ji', { a: [3, 4] }],
    ['ij->', { a: [3, 4] }],
    ['i,j->ij', { a: [3], b: [4] }],
    ['ij,ij->ij', { a: [3, 4], b: [3, 4] }],
    ['bshd,hdo->bso', { a: [2, 3, 2, 4], b: [2, 4, 5] }],
    ['ab,bc,cd->ad', { a: [2, 3], b: [3, 4], c: [4, 5] }],
  ];
  for (const [equation, shapes] of equations) {
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, draw.array(shape)]),
    );
    const nodes = [{ op: 'Einsum', inputs: Object.keys(shapes), attributes: { equation } }];
    await assertBesideRuntime({ opset: 13, nodes, inputs });
  }
});
