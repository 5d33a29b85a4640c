// What the header of an ONNX file says, beside what onnx 1.23.1 reads there.
import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { looksLikeOnnx } from '../../../../../src/core/formats/onnx/looksLikeOnnx';
import { openModelFile } from '../../../../../src/node/openModel';
import { fixturePath, readOracle } from '../../../../helpers/fixtures';
import { openFixture, openForTest } from '../../../../helpers/modelFixtures';
import { emptyPlace } from '../../../../helpers/namedOutput';
import { tensorOracles } from '../../../../helpers/tensorOracles';
import {
  field,
  floatTensor,
  graph,
  integerField,
  message,
  model,
  modelOf,
  node,
  tensor,
  varint,
} from './onnxBytes';

interface HeaderOracle {
  readonly file: string;
  readonly info: {
    readonly ir_version: number;
    readonly opsets: Readonly<Record<string, number>>;
    readonly producer: string;
    readonly inputs: readonly ValueOracle[];
    readonly outputs: readonly ValueOracle[];
    readonly n_nodes: number;
  };
}

interface ValueOracle {
  readonly name: string;
  readonly elem_type: string;
  readonly shape: readonly (number | string | null)[];
}

const ELEMENT_TYPES: Readonly<Record<string, string>> = { FLOAT: 'float32', FLOAT16: 'float16' };
const named = ({ name, elem_type, shape }: ValueOracle): object => ({
  name,
  dtype: ELEMENT_TYPES[elem_type],
  shape,
});

for (const { file, info } of tensorOracles('onnx/') as unknown as readonly HeaderOracle[]) {
  test(`${file}: versions, producer, inputs and outputs are those that onnx reads`, async (t) => {
    const { metadata, interface: declared } = (await openFixture(t, file)).model;
    assert.equal(metadata['irVersion'], info.ir_version);
    assert.deepEqual(metadata['opsets'], info.opsets);
    const producer = `${String(metadata['producerName'])} ${String(metadata['producerVersion'])}`;
    assert.equal(producer.trim(), info.producer);
    assert.equal(metadata['nodeCount'], info.n_nodes);
    assert.deepEqual(declared?.inputs, info.inputs.map(named));
    assert.deepEqual(declared.outputs, info.outputs.map(named));
  });
}

test('the nodes are counted as shape inference counts them', async (t) => {
  for (const name of ['transformer_legacy', 'lstm_dynamo', 'densenet_bn_unfolded']) {
    const oracle = (await readOracle(`graphs/onnx__${name}.onnx`)) as { n_nodes: number };
    const { metadata } = (await openFixture(t, `onnx/${name}.onnx`)).model;
    assert.equal(metadata['nodeCount'], oracle.n_nodes);
  }
});

test('an ONNX file of another name is told by its content', async (t) => {
  for (const name of ['digits_mlp_legacy', 'lstm_dynamo', 'digits_mlp_matmul_ir3_opset9']) {
    const file = await emptyPlace(t, 'weights.bin');
    await copyFile(fixturePath('onnx', `${name}.onnx`), file);
    const opened = await openForTest(t, file);
    assert.equal(opened.model.format, 'onnx');
    assert.deepEqual(
      opened.model.notices.map(({ code }) => code),
      ['wrong-extension'],
    );
  }
});

test('other protobufs are not taken for ONNX', () => {
  // A SavedModel: version 1, then a graph of some kilobytes where ONNX has the producer's name.
  const savedModel = message([integerField(1, 1), field(2, Buffer.alloc(5000, 0x0a))]);
  assert.equal(looksLikeOnnx(savedModel.subarray(0, 64)), false);
  const smallSavedModel = message([integerField(1, 1), field(2, Buffer.alloc(20, 0x0a))]);
  assert.equal(looksLikeOnnx(smallSavedModel.subarray(0, 64)), false);
  assert.equal(looksLikeOnnx(Buffer.from([0x08, 0x07])), false);
  assert.equal(looksLikeOnnx(Buffer.alloc(0)), false);
});

test('an input that nothing makes is named', async (t) => {
  const { notices } = (await openFixture(t, 'corrupt/onnx_dangling_input.onnx')).model;
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['dangling-input'],
  );
  assert.match(notices[0]!.message, /node ".+" \(.+\) reads "nowhere"/);
});

async function open(t: TestContext, bytes: Buffer): Promise<void> {
  const file = await emptyPlace(t, 'm.onnx');
  await writeFile(file, bytes);
  await (await openModelFile(file)).close();
}

const product = { opType: 'MatMul', inputs: ['x', 'w'] };
const external = (entries: readonly (readonly [string, string])[]): Buffer =>
  message([
    ...entries.map(([key, value]) => field(13, message([field(1, key), field(2, value)]))),
    integerField(14, 1),
  ]);

const REFUSED: readonly { readonly what: string; readonly bytes: Buffer; readonly says: RegExp }[] =
  [
    {
      what: 'HTML',
      bytes: Buffer.from('<!DOCTYPE html><html><body>404</body></html>'),
      says: /found HTML/,
    },
    {
      what: 'a model without a graph',
      bytes: message([integerField(1, 8), field(8, integerField(2, 17))]),
      says: /no graph/,
    },
    {
      what: 'a model without operator sets',
      bytes: message([integerField(1, 8), field(7, graph({ nodes: [] }))]),
      says: /no opset_import/,
    },
    {
      what: 'two initializers of one name',
      bytes: model({
        initializers: [floatTensor('w', [1, 1], [1]), floatTensor('w', [1, 1], [2])],
        node: product,
      }),
      says: /"w" twice/,
    },
    {
      what: 'a tensor with two forms of its numbers',
      bytes: model({
        initializers: [
          tensor({
            name: 'w',
            dims: [1, 1],
            dataType: 1,
            data: message([field(9, Buffer.alloc(4)), field(4, Buffer.alloc(4))]),
          }),
        ],
        node: product,
      }),
      says: /raw_data and a typed field/,
    },
    {
      what: 'too few numbers in int32_data',
      bytes: model({
        initializers: [
          tensor({ name: 'w', dims: [2, 2], dataType: 10, data: field(5, Buffer.alloc(3)) }),
        ],
        node: product,
      }),
      says: /3 numbers of int32_data; allowed: 4/,
    },
    {
      what: 'an element type that there is none of',
      bytes: model({
        initializers: [
          tensor({ name: 'w', dims: [1, 1], dataType: 99, data: field(9, Buffer.alloc(4)) }),
        ],
        node: product,
      }),
      says: /element type 99/,
    },
    {
      what: 'an external offset that is no number',
      bytes: model({
        initializers: [
          tensor({
            name: 'w',
            dims: [1, 1],
            dataType: 1,
            data: external([
              ['location', 'm.data'],
              ['offset', '1e3'],
            ]),
          }),
        ],
        node: product,
      }),
      says: /no m\.data/,
    },
    {
      what: 'a value that two nodes make',
      bytes: modelOf(graph({ nodes: [node(product), node(product)] })),
      says: /output of two nodes/,
    },
    {
      what: 'a name of a billion bytes that are not there',
      bytes: message([integerField(1, 8), varint(2 * 8 + 2), varint(1e9), Buffer.from('x')]),
      says: /field 2 of 1000000000 bytes/,
    },
  ];

for (const { what, bytes, says } of REFUSED) {
  test(`${what} is refused`, async (t) => {
    await assert.rejects(open(t, bytes), (error: unknown) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.message, says);
      return true;
    });
  });
}

test('a shape name of Object.prototype and metadata of such a key pollute nothing', async (t) => {
  const prop = field(14, message([field(1, '__proto__'), field(2, 'x')]));
  const file = await emptyPlace(t, 'm.onnx');
  await writeFile(file, message([modelOf(graph({ nodes: [] })), prop]));
  const { metadata } = (await openForTest(t, file)).model;
  assert.deepEqual(Object.entries(metadata['metadataProps'] as object), [['__proto__', 'x']]);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});
