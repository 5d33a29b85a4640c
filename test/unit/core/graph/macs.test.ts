import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { type MultiplyAccumulates, multiplyAccumulates } from '../../../../src/core/graph/macs';
import { memoryModel } from '../../../helpers/memoryModel';
import { fixturePath, readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';

interface GraphOracle {
  readonly nodes: readonly { readonly name: string; readonly macs?: number | null }[];
  readonly total_macs_batch1_conv_gemm_matmul: number;
  readonly nodes_with_unknown_macs: number;
}

/** Files whose integer products the oracle, made by onnx.shape_inference, does not count. */
const UNCOUNTED = ['onnx__digits_mlp_int8_dynamic.onnx'];

const ORACLES = readdirSync(fixturePath('oracles/graphs'))
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => !UNCOUNTED.includes(name));

for (const name of ORACLES) {
  test(`${name} has the multiply-accumulates that the oracle has, node by node`, async (t) => {
    const { model } = await openFixture(t, name.replace('__', '/'));
    const oracle = (await readOracle(`graphs/${name}`)) as GraphOracle;
    const found = multiplyAccumulates(model);
    const known = oracle.nodes.flatMap(({ macs }) => (typeof macs === 'number' ? [macs] : []));
    const unnamed = oracle.nodes.some(({ name: node, macs }) => node === '' && macs !== undefined);
    const counted = new Map(oracle.nodes.map(({ name: node, macs }) => [node, macs]));
    // A graph whose nodes have no names is compared by their order alone.
    const compared = found.nodes.filter(
      ({ node }) => unnamed || typeof counted.get(node.id) === 'number',
    );
    assert.deepEqual(
      compared.map(({ macs }) => macs),
      known,
    );
    assert.equal(
      compared.reduce((sum, { macs }) => sum + macs, 0),
      oracle.total_macs_batch1_conv_gemm_matmul,
    );
  });
}

/** What the weights of the model account for, weight by weight. */
function sumOverWeights(
  { perWeight }: MultiplyAccumulates,
  sizes: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  for (const [tensor, each] of perWeight) sum += each * (sizes.get(tensor) ?? NaN);
  return sum;
}

for (const fixture of ['onnx/mobilenet_bn_folded.onnx', 'onnx/lenet5_int8_qdq.onnx']) {
  test(`${fixture}: the weights' own figures add up to the total`, async (t) => {
    const { model } = await openFixture(t, fixture);
    const sizes = new Map(model.tensors.map(({ name, elementCount }) => [name, elementCount]));
    const found = multiplyAccumulates(model);
    assert.equal(sumOverWeights(found, sizes), found.total);
  });
}

test('products of two activations are in the total, but belong to no weight', async (t) => {
  const { model } = await openFixture(t, 'onnx/transformer_dynamo.onnx');
  const sizes = new Map(model.tensors.map(({ name, elementCount }) => [name, elementCount]));
  const found = multiplyAccumulates(model);
  // Two layers of attention, each with 4 heads of 8 x 8 x 8 multiply-accumulates, twice.
  assert.equal(found.total - sumOverWeights(found, sizes), 2 * 2 * 4 * 8 * 8 * 8);
});

test('a recurrent layer uses each of its weights once a step', async (t) => {
  const { model } = await openFixture(t, 'onnx/lstm_legacy.onnx');
  const { nodes, perWeight } = multiplyAccumulates(model);
  // 24 steps of 4 gates with 24 units, each of 1 input and 24 states.
  assert.equal(nodes[0]!.macs, 24 * 4 * 24 * (1 + 24));
  assert.deepEqual(
    [...perWeight.values()].sort((a, b) => a - b),
    [1, 24, 24],
  );
});

test('the same network has the same figures in every format', async (t) => {
  const keras = await openFixture(t, 'keras/lenet5.keras');
  const tfjs = await openFixture(t, 'tfjs/lenet5');
  const onnx = await openFixture(t, 'onnx/lenet5_dynamo.onnx');
  const totals = [keras, tfjs, onnx].map(({ model }) => multiplyAccumulates(model).total);
  assert.equal(totals[1], totals[0]);
  assert.equal(multiplyAccumulates(keras.model).nodes.length, 5);
  assert.equal(totals[2], 416_520);
});

test('a weight that two branches share is counted for both', async (t) => {
  const { model } = await openFixture(t, 'keras/siamese_nested_shared.keras');
  const { nodes, perWeight } = multiplyAccumulates(model);
  const shared = [...perWeight].filter(([, each]) => each === 2);
  assert.ok(shared.length > 0);
  const total = nodes.reduce((sum, { macs }) => sum + macs, 0);
  const sizes = new Map(model.tensors.map(({ name, elementCount }) => [name, elementCount]));
  assert.equal(sumOverWeights(multiplyAccumulates(model), sizes), total);
});

test('a file that does not say how its layers are connected is refused with the reason', () => {
  assert.throws(() => multiplyAccumulates(memoryModel([])), {
    name: 'UnsupportedError',
    message: /counting multiply-accumulates: found a test/,
  });
});
