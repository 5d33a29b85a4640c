// Whole graphs: functions, order, what cannot be lowered, and files that are broken on purpose.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../../../../src/core/errors';
import type { Graph } from '../../../../../src/core/graph/graph';
import { inferShapes } from '../../../../../src/core/graph/inferShapes';
import { createTfjsExecutor } from '../../../../../src/engines/tfjs/createTfjsExecutor';
import { fixturePath } from '../../../../helpers/fixtures';
import { seededRandom } from '../../../../helpers/random';
import { assertBesideRuntime, Draw, longs, readBytesAsOnnx, scalar } from './besideRuntime';
import { field, integerField, message } from './onnxBytes';
import { attribute, modelBytes, type ModelSpec, nodeOf, type OnnxArray } from './onnxNodes';

/** What the graph of a model says of a node that cannot be run. */
function opaqueOf(graph: Graph): readonly (readonly [string, string | undefined])[] {
  return graph.nodes.flatMap(({ operator }) =>
    operator.kind === 'opaque' ? [[operator.name, operator.reason] as const] : [],
  );
}

async function graphOf(spec: ModelSpec): Promise<Graph> {
  const { graph } = await readBytesAsOnnx(modelBytes(spec));
  return graph!;
}

/** LeakyRelu with the slope of the call, or 0.5, then the weight of the call added. */
const ownFunction = message([
  field(1, 'Leak'),
  field(4, 'a'),
  field(4, 'w'),
  field(5, 'b'),
  field(
    7,
    message([
      field(1, 'a'),
      field(2, 'c'),
      field(4, 'LeakyRelu'),
      field(5, message([field(1, 'alpha'), integerField(20, 1), field(21, 'slope')])),
    ]),
  ),
  field(7, nodeOf({ op: 'Add', inputs: ['c', 'w'], outputs: ['b'] })),
  field(9, integerField(2, 17)),
  field(10, 'own'),
  field(11, attribute('slope', { float: 0.5 })),
]);

test('functions of the file are written out, with the attributes of each call', async () => {
  const call = { op: 'Leak', domain: 'own' };
  const spec: ModelSpec = {
    opset: 17,
    nodes: [
      { ...call, inputs: ['x', 'v'], outputs: ['m'], attributes: { slope: { float: 0.1 } } },
      { ...call, inputs: ['m', 'w'] },
    ],
    inputs: { x: new Draw(1).array([2, 3]) },
    initializers: { v: new Draw(2).array([3]), w: new Draw(3).array([3]) },
    functions: [ownFunction],
  };
  await assertBesideRuntime(spec);
  const { nodes } = await graphOf(spec);
  const slopes = nodes.flatMap(({ operator }) =>
    operator.kind === 'activation' && operator.function.name === 'relu'
      ? [operator.function.negativeSlope]
      : [],
  );
  assert.deepEqual(slopes, [Math.fround(0.1), 0.5]);
});

test('nodes may stand in any order', async () => {
  const graph = await graphOf({
    opset: 17,
    nodes: [
      { op: 'Neg', inputs: ['m'] },
      { op: 'Exp', inputs: ['x'], outputs: ['m'] },
    ],
    inputs: { x: new Draw(1).array([2]) },
  });
  assert.deepEqual(
    graph.nodes.map(({ operator }) => operator.kind),
    ['activation', 'unary'],
  );
});

test('an operator outside the set is kept with its name, and running it names operator and node', async () => {
  const model = await readBytesAsOnnx(
    modelBytes({
      opset: 17,
      nodes: [
        { op: 'NonZero', inputs: ['x'], outputs: ['m'] },
        { op: 'Riddle', domain: 'own', inputs: ['m', 'w'] },
      ],
      inputs: { x: new Draw(1).array([2, 3]) },
      initializers: { w: new Draw(2).array([3]) },
    }),
  );
  assert.deepEqual(opaqueOf(model.graph!), [
    ['NonZero', undefined],
    ['own.Riddle', undefined],
  ]);
  assert.deepEqual(
    model.graph!.nodes.map(({ inputs }) => inputs),
    [['x'], ['m', '%w']],
  );
  await assert.rejects(
    async () => {
      const executor = await createTfjsExecutor(model, []);
      await executor.run([{ shape: [2, 3], values: new Float32Array(6) }]);
    },
    (error) => error instanceof UnsupportedError && /NonZero \(node m\)/.test(error.message),
  );
});

interface RefusedCase {
  readonly title: string;
  readonly node: ModelSpec['nodes'][number];
  readonly initializers?: Readonly<Record<string, OnnxArray>>;
  readonly reason: RegExp;
}

const MANY = Array.from({ length: 150_000 }, (_, i) => `v${i}`);

const REFUSED: readonly RefusedCase[] = [
  { title: 'a value that nothing makes', node: { op: 'Add', inputs: ['x', 'no'] }, reason: /"no"/ },
  {
    title: 'an axis that is not there',
    node: { op: 'Softmax', inputs: ['x'], attributes: { axis: 7 } },
    reason: /axis 7/,
  },
  {
    title: 'shapes that do not fit',
    node: { op: 'MatMul', inputs: ['x', 'w'] },
    initializers: { w: new Draw(1).array([5, 2]) },
    reason: /needed/,
  },
  {
    title: 'a kernel of size 0',
    node: { op: 'MaxPool', inputs: ['x'], attributes: { kernel_shape: [0, 0] } },
    reason: /kernel_shape/,
  },
  {
    title: 'maxima with their places',
    node: { op: 'MaxPool', inputs: ['x'], outputs: ['y', 'i'], attributes: { kernel_shape: [1] } },
    reason: /indices/,
  },
  {
    title: 'a range of 10^9 elements',
    node: { op: 'Range', inputs: ['zero', 'far', 'one'] },
    initializers: { zero: scalar(0, 'int64'), far: scalar(1e9, 'int64'), one: scalar(1, 'int64') },
    reason: /65536/,
  },
  {
    title: 'a range in steps of 0',
    node: { op: 'Range', inputs: ['zero', 'far', 'zero'] },
    initializers: { zero: scalar(0, 'int64'), far: scalar(9, 'int64') },
    reason: /steps of 0/,
  },
  {
    title: 'a shape computed from data',
    node: { op: 'Reshape', inputs: ['x', 'x'] },
    reason: /computed from data/,
  },
  {
    title: 'a step of 0',
    node: { op: 'Slice', inputs: ['x', 'z', 'z', 'z', 'z'] },
    initializers: { z: longs([0]) },
    reason: /step of 0/,
  },
  {
    title: 'more inputs than a function can be called with',
    node: { op: 'Concat', inputs: MANY.map(() => 'x'), attributes: { axis: 0 } },
    reason: /150000 inputs/,
  },
  {
    title: 'more outputs than a function can be called with',
    node: { op: 'Split', inputs: ['x'], outputs: ['y', ...MANY] },
    reason: /150001 inputs or outputs/,
  },
  {
    title: 'a negative size to expand to',
    node: { op: 'Expand', inputs: ['x', 'to'] },
    initializers: { to: longs([-5, 3, 4]) },
    reason: /shape \[-5, 3, 4\]/,
  },
];

for (const { title, node, initializers = {}, reason } of REFUSED) {
  test(`${title}: the file opens, and the node says why it cannot be run`, async () => {
    const inputs = { x: new Draw(1).array([2, 3, 4]) };
    const graph = await graphOf({ opset: 17, nodes: [node], inputs, initializers });
    const [opaque] = opaqueOf(graph);
    assert.equal(opaque?.[0], node.op);
    assert.match(opaque[1] ?? '', reason);
  });
}

test('filled arrays are not made before they are needed, however large', async () => {
  const spec: ModelSpec = {
    opset: 17,
    nodes: [
      { op: 'ConstantOfShape', inputs: ['sizes'], outputs: ['m'] },
      { op: 'Add', inputs: ['m', 'x'] },
    ],
    inputs: { x: new Draw(1).array([1]) },
    initializers: { sizes: longs([1e6, 1e6, 1e6]) },
  };
  assert.match(opaqueOf(await graphOf(spec))[0]?.[1] ?? '', /elements/);
});

test('shapes that do not fit the declared ones are refused', async () => {
  const inputs = { x: new Draw(1).array([2, 3]) };
  const nodes = [{ op: 'Neg', inputs: ['x'] }];
  const model = await readBytesAsOnnx(modelBytes({ opset: 17, nodes, inputs, open: ['x'] }));
  assert.deepEqual(model.lowerGraph!([[7, 3]]).inputs[0]!.shape, [7, 3]);
  for (const shapes of [[[2, 4]], [[2]], [], [[2, 3], [1]]]) {
    assert.throws(() => model.lowerGraph!(shapes), FormatError);
  }
});

test('any damage to a file gives a graph, a FormatError or an UnsupportedError', async () => {
  const random = seededRandom(9);
  for (const name of [
    'lstm_dynamo',
    'lstm_legacy',
    'digits_mlp_int8_dynamic',
    'transformer_legacy',
  ]) {
    const original = await readFile(fixturePath('onnx', `${name}.onnx`));
    let opened = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(original);
      const damages = 1 + Math.floor(random() * 3);
      for (let i = 0; i < damages; i++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      try {
        const { graph, tensors } = await readBytesAsOnnx(bytes);
        assert.ok(graph !== undefined);
        inferShapes(graph, tensors);
        opened++;
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof UnsupportedError, String(error));
      }
    }
    assert.ok(opened > 0, 'most damage is to weights');
  }
});
