// Operators that move elements about, and arithmetic on shapes, beside onnxruntime-web 1.30.0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBesideRuntime, Draw, longs, readBytesAsOnnx, scalar } from './besideRuntime';
import { graph as graphBytes } from './onnxBytes';
import { modelBytes, type ModelSpec, nodeOf, type NodeSpec, type OnnxArray } from './onnxNodes';

type Arrays = Readonly<Record<string, OnnxArray>>;

const FAR = Number.MAX_SAFE_INTEGER;

/** One node over x, with initializers in the order of its further inputs. */
function beside(op: string, x: OnnxArray, given: Partial<NodeSpec> & { readonly more?: Arrays }) {
  return async (opset: number): Promise<void> => {
    const { more = {}, ...node } = given;
    const nodes = [{ op, inputs: ['x', ...Object.keys(more)], ...node }];
    const outputs = node.outputs ?? ['y'];
    const spec = { opset, nodes, inputs: { x }, initializers: more, outputs };
    await assertBesideRuntime({ ...spec, open: ['x'] });
  };
}

test('values take other shapes as in the runtime', async () => {
  const x = new Draw(1).array([2, 3, 4]);
  for (const shape of [
    [2, 12],
    [-1, 4],
    [0, -1],
    [0, 0, 2, 2],
    [24],
    [-1],
    [2, 3, 4, 1],
    [4, -1],
  ]) {
    await beside('Reshape', x, { more: { shape: longs(shape) } })(14);
  }
  for (const axis of [0, 1, 2, 3, -1]) await beside('Flatten', x, { attributes: { axis } })(13);
  await beside('Transpose', x, {})(13);
  await beside('Transpose', x, { attributes: { perm: [1, 2, 0] } })(13);
});

test('axes of length one come and go as in the runtime', async () => {
  const x = new Draw(2).array([2, 1, 3, 1]);
  await beside('Squeeze', x, { attributes: { axes: [1] } })(12);
  await beside('Squeeze', x, { attributes: { axes: [1, -1] } })(12);
  await beside('Squeeze', x, { more: { axes: longs([-1]) } })(13);
  await beside('Squeeze', x, {})(13);
  await beside('Unsqueeze', x, { attributes: { axes: [0, 3] } })(12);
  await beside('Unsqueeze', x, { more: { axes: longs([-1, 1]) } })(13);
});

test('slices are those of the runtime, with negative and far positions and steps', async () => {
  const draw = new Draw(3);
  for (let round = 0; round < 16; round++) {
    const x = draw.array([3, 6, 5]);
    const more = {
      starts: longs([draw.int(-7, 7), draw.pick([0, 1, -2])]),
      ends: longs([draw.pick([FAR, -FAR, draw.int(-7, 7)]), draw.pick([FAR, 3, -1])]),
      axes: longs([1, -1]),
      steps: longs([draw.pick([1, 2, -1, -2]), 1]),
    };
    await beside('Slice', x, { more })(13);
  }
  const attributes = { starts: [1, -3], ends: [5, 100], axes: [1, 2] };
  await beside('Slice', new Draw(4).array([2, 6, 5]), { attributes })(9);
});

test('values are split as in the runtime', async () => {
  const x = new Draw(5).array([2, 7, 4]);
  const outputs = ['p', 'q', 'r'];
  await beside('Split', x, { outputs, attributes: { axis: 1, split: [2, 4, 1] } })(11);
  await beside('Split', x, { outputs, attributes: { axis: 1 }, more: { s: longs([2, 4, 1]) } })(13);
  await beside('Split', x, { outputs, attributes: { axis: 1, num_outputs: 3 } })(18);
  await beside('Split', x, { outputs: ['p', 'q'], attributes: { axis: -1 } })(13);
});

test('values are padded and cropped as in the runtime', async () => {
  const x = new Draw(6).array([2, 4, 5]);
  for (const mode of ['constant', 'edge', 'reflect']) {
    const pads = [0, 1, 2, 0, 2, 1];
    await beside('Pad', x, { attributes: { mode, pads, value: { float: 0.5 } } })(2);
    await beside('Pad', x, { attributes: { mode }, more: { pads: longs(pads) } })(13);
  }
  await beside('Pad', x, { more: { pads: longs([0, -1, 1, 0, -1, 0]), value: scalar(2) } })(13);
  const more = { pads: longs([1, 2, 0, 1]), value: scalar(0.5), axes: longs([-1, 1]) };
  await beside('Pad', x, { more })(18);
  await beside('Pad', x, {
    attributes: { mode: 'wrap' },
    more: { pads: longs([0, 1, 1, 0, 2, 2]) },
  })(19);
});

test('values are joined, repeated and expanded as in the runtime', async () => {
  const draw = new Draw(7);
  const [x, z] = [draw.array([2, 1, 4]), draw.array([2, 3, 4])];
  const nodes = [{ op: 'Concat', inputs: ['x', 'z', 'w'], attributes: { axis: -2 } }];
  const initializers = { w: draw.array([2, 2, 4]) };
  await assertBesideRuntime({ opset: 13, nodes, inputs: { x, z }, initializers });
  await beside('Tile', x, { more: { repeats: longs([1, 3, 2]) } })(13);
  for (const shape of [
    [2, 3, 4],
    [1, 5, 1],
    [3, 1],
    [4, 2, 1, 4],
  ]) {
    await beside('Expand', x, { more: { shape: longs(shape) } })(13);
  }
});

test('elements are looked up as in the runtime', async () => {
  const draw = new Draw(8);
  const x = draw.array([3, 4, 5]);
  for (const axis of [0, 1, -1]) {
    const attributes = { axis };
    const places = draw.array([2, 2], [-3, 2], 'int64');
    await beside('Gather', x, { attributes, more: { places } })(13);
    await beside('Gather', x, { attributes, more: { places: scalar(-1, 'int64') } })(13);
    const each = draw.array([3, 4, 5], [-3, 2], 'int64');
    await beside('GatherElements', x, { attributes, more: { each } })(13);
  }
  await beside('GatherND', x, { more: { places: draw.array([4, 2], [-3, 2], 'int64') } })(13);
  await beside('GatherND', x, { more: { places: draw.array([2, 2, 3], [0, 2], 'int64') } })(13);
  const computed = { x, places: draw.array([2, 3], [0, 2], 'int64') };
  const nodes = [{ op: 'Gather', inputs: ['x', 'places'], attributes: { axis: 1 } }];
  await assertBesideRuntime({ opset: 13, nodes, inputs: computed });
});

test('elements are put in places as in the runtime', async () => {
  const draw = new Draw(9);
  const x = draw.array([3, 4]);
  const places: OnnxArray = { type: 'int64', shape: [2, 3], values: [0, -1, 2, 1, 0, -2] };
  const elements = { places, updates: draw.array([2, 3]) };
  for (const axis of [0, 1]) {
    await beside('ScatterElements', x, { attributes: { axis }, more: elements })(16);
  }
  const rows: OnnxArray = { type: 'int64', shape: [2, 1], values: [2, -3] };
  await beside('ScatterND', x, { more: { rows, updates: draw.array([2, 4]) } })(16);
  const cells: OnnxArray = { type: 'int64', shape: [2, 2], values: [0, 1, 2, -1] };
  await beside('ScatterND', x, { more: { cells, updates: draw.array([2]) } })(16);
});

test('elements are put in computed places, and added up there, as in the runtime', async () => {
  const draw = new Draw(41);
  const x = draw.array([3, 4]);
  const [places, updates] = [draw.array([2, 3], [-3, 2], 'int64'), draw.array([2, 3])];
  for (const reduction of ['add', 'mul', 'max', 'min']) {
    const attributes = { axis: 1, reduction };
    const nodes = [{ op: 'ScatterElements', inputs: ['x', 'places', 'updates'], attributes }];
    await assertBesideRuntime({ opset: 18, nodes, inputs: { x, places, updates } });
    await beside('ScatterElements', x, { attributes, more: { places, updates } })(18);
  }
  const apart: OnnxArray = { type: 'int64', shape: [2, 3], values: [0, -1, 2, 1, 0, -2] };
  for (const axis of [0, 1]) {
    const nodes = [
      { op: 'ScatterElements', inputs: ['x', 'apart', 'updates'], attributes: { axis } },
    ];
    await assertBesideRuntime({ opset: 13, nodes, inputs: { x, apart, updates } });
  }
  const cells: OnnxArray = { type: 'int64', shape: [3, 2], values: [0, 1, 2, -1, 0, 1] };
  const rows: OnnxArray = { type: 'int64', shape: [2, 1], values: [2, -3] };
  for (const [where, what] of [
    [cells, draw.array([3])],
    [rows, draw.array([2, 4])],
  ] as const) {
    for (const reduction of ['none', 'add']) {
      const nodes = [
        { op: 'ScatterND', inputs: ['x', 'where', 'what'], attributes: { reduction } },
      ];
      await assertBesideRuntime({ opset: 16, nodes, inputs: { x, where, what } });
    }
  }
});

test('classes become ones among zeros as in the runtime', async () => {
  const x: OnnxArray = { type: 'int64', shape: [2, 3], values: [0, 3, -1, 2, -4, 1] };
  const values: OnnxArray = { type: 'float32', shape: [2], values: [-0.5, 2] };
  for (const axis of [-1, 0, 1]) {
    await beside('OneHot', x, {
      attributes: { axis },
      more: { depth: scalar(4, 'int64'), values },
    })(11);
  }
});

test('triangles and diagonals are those of the runtime', async () => {
  const x = new Draw(10).array([2, 4, 5]);
  for (const upper of [0, 1]) {
    await beside('Trilu', x, { attributes: { upper } })(14);
    await beside('Trilu', x, { attributes: { upper }, more: { k: scalar(-1, 'int64') } })(14);
  }
  const y = new Draw(11).array([3, 4]);
  await assertBesideRuntime({
    opset: 13,
    nodes: [{ op: 'EyeLike', inputs: ['x'], attributes: { k: 1 } }],
    inputs: { x: y },
  });
});

/** The batch twice, by arithmetic on the shape of x: [batch, 6, 4] to [batch, 3, 8]. */
const SHAPE_ARITHMETIC: readonly NodeSpec[] = [
  { op: 'Shape', inputs: ['x'], outputs: ['s'] },
  { op: 'Gather', inputs: ['s', 'zero'], outputs: ['batch'] },
  { op: 'Gather', inputs: ['s', 'one'], outputs: ['rows'] },
  { op: 'Div', inputs: ['rows', 'two'], outputs: ['half'] },
  { op: 'Unsqueeze', inputs: ['batch', 'axes'], outputs: ['b'] },
  { op: 'Unsqueeze', inputs: ['half', 'axes'], outputs: ['h'] },
  { op: 'Concat', inputs: ['b', 'h', 'rest'], outputs: ['target'], attributes: { axis: 0 } },
  { op: 'Reshape', inputs: ['x', 'target'] },
];

test('sizes are computed from the shape with the batch left open', async () => {
  const initializers = {
    zero: scalar(0, 'int64'),
    one: scalar(1, 'int64'),
    two: scalar(2, 'int64'),
    axes: longs([0]),
    rest: longs([-1]),
  };
  const inputs = { x: new Draw(12).array([5, 6, 4]) };
  const spec: ModelSpec = { opset: 13, nodes: SHAPE_ARITHMETIC, inputs, initializers, open: ['x'] };
  await assertBesideRuntime(spec);
  const { graph } = await readBytesAsOnnx(modelBytes(spec));
  assert.deepEqual(
    graph!.nodes.map(({ operator }) => operator),
    [{ kind: 'reshape', shape: [0, 3, -1] }],
  );
});

test('masks computed from ranges and filled arrays are those of the runtime', async () => {
  const nodes: readonly NodeSpec[] = [
    { op: 'Shape', inputs: ['x'], outputs: ['s'] },
    { op: 'Gather', inputs: ['s', 'one'], outputs: ['n'] },
    { op: 'Range', inputs: ['zero', 'n', 'one'], outputs: ['r'] },
    { op: 'Unsqueeze', inputs: ['r', 'axes'], outputs: ['row'] },
    { op: 'Equal', inputs: ['row', 'one'], outputs: ['isOne'] },
    {
      op: 'ConstantOfShape',
      inputs: ['s'],
      outputs: ['ones'],
      attributes: { value: { tensor: { type: 'float32', shape: [1], values: [3] } } },
    },
    { op: 'Where', inputs: ['isOne', 'ones', 'x'] },
  ];
  const initializers = {
    zero: scalar(0, 'int64'),
    one: scalar(1, 'int64'),
    axes: longs([0]),
  };
  const inputs = { x: new Draw(13).array([3, 4]) };
  await assertBesideRuntime({ opset: 13, nodes, inputs, initializers, open: ['x'] });
});

test('sizes of a resize may be computed in floats', async () => {
  const nodes: readonly NodeSpec[] = [
    { op: 'Shape', inputs: ['x'], outputs: ['s'], attributes: { start: 2 } },
    { op: 'Cast', inputs: ['s'], outputs: ['f'], attributes: { to: 1 } },
    { op: 'Mul', inputs: ['f', 'scale'], outputs: ['m'] },
    { op: 'Floor', inputs: ['m'], outputs: ['g'] },
    { op: 'Cast', inputs: ['g'], outputs: ['i'], attributes: { to: 7 } },
    { op: 'Shape', inputs: ['x'], outputs: ['front'], attributes: { end: 2 } },
    { op: 'Concat', inputs: ['front', 'i'], outputs: ['sizes'], attributes: { axis: 0 } },
    { op: 'Resize', inputs: ['x', '', '', 'sizes'], attributes: { mode: 'linear' } },
  ];
  const inputs = { x: new Draw(14).array([2, 3, 5, 4]) };
  await assertBesideRuntime({ opset: 17, nodes, inputs, initializers: { scale: scalar(1.7) } });
});

test('sizes of a resize may be rounded from floats of the file', async () => {
  const nodes: readonly NodeSpec[] = [
    { op: 'Floor', inputs: ['size'], outputs: ['g'] },
    { op: 'Unsqueeze', inputs: ['g', 'zero'], outputs: ['u'] },
    { op: 'Cast', inputs: ['u'], outputs: ['i'], attributes: { to: 7 } },
    { op: 'Concat', inputs: ['front', 'i', 'i'], outputs: ['sizes'], attributes: { axis: 0 } },
    { op: 'Resize', inputs: ['x', '', '', 'sizes'], attributes: { mode: 'linear' } },
  ];
  const inputs = { x: new Draw(22).array([2, 3, 5, 4]) };
  const initializers = { size: scalar(7.2), zero: longs([0]), front: longs([2, 3]) };
  await assertBesideRuntime({ opset: 17, nodes, inputs, initializers });
});

test('a branch whose condition is known is taken, and values around it are seen', async () => {
  const branch = (op: string): Buffer =>
    graphBytes({
      nodes: [nodeOf({ op, inputs: ['x'], outputs: [`of${op}`] })],
      inputs: [],
      outputs: [`of${op}`],
    });
  const nodes: readonly NodeSpec[] = [
    { op: 'Shape', inputs: ['x'], outputs: ['s'] },
    { op: 'Gather', inputs: ['s', 'one'], outputs: ['n'] },
    { op: 'Equal', inputs: ['n', 'one'], outputs: ['isOne'] },
    {
      op: 'If',
      inputs: ['isOne'],
      attributes: { then_branch: { graph: branch('Neg') }, else_branch: { graph: branch('Exp') } },
    },
  ];
  const initializers = { one: scalar(1, 'int64') };
  for (const shape of [
    [3, 1],
    [3, 2],
  ]) {
    const inputs = { x: new Draw(15).array(shape) };
    await assertBesideRuntime({ opset: 13, nodes, inputs, initializers, open: ['x'] });
  }
});
