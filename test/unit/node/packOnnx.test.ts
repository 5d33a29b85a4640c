import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FormatError, UnsupportedError } from '../../../src/core/errors';
import { cutsByTensor } from '../../../src/core/model/applyCut';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../src/core/selection/planPrune';
import { unattended } from '../../../src/core/progress';
import { packFile, unpackFile } from '../../../src/node/packFile';
import { openModelFile } from '../../../src/node/openModel';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { openFixture, openForTest } from '../../helpers/modelFixtures';
import { writeCopy } from '../../helpers/rewriteInPlace';
import { runOnnx } from '../../helpers/onnxRuntime';
import { seededRandom } from '../../helpers/random';

/** A fixture with its smallest weights at zero, in a folder of its own. */
async function prunedModel(t: TestContext, fixture: string, sparsity: number): Promise<string> {
  const opened = await openFixture(t, fixture);
  const recipe = parseRecipe({ sparsity, scope: 'layer' }, 'test');
  const plan = await planPrune(opened.model, recipe, unattended);
  return writeCopy(t, opened, cutsByTensor(plan.entries));
}

/** Fixture, and whether packing raw_data of a model of IR version 6 and later comes back byte by byte. */
const NETWORKS: readonly [string, boolean][] = [
  ['digits_mlp_legacy.onnx', true],
  ['digits_mlp_float_data.onnx', false],
  ['digits_mlp_f16.onnx', false],
  ['digits_mlp_matmul_ir3_opset9.onnx', false],
  ['lenet5_legacy.onnx', true],
  ['lenet5_external.onnx', false],
  ['lstm_legacy.onnx', true],
];

for (const [name, isRaw] of NETWORKS) {
  test(`${name}, pruned and packed, gives the same outputs in ONNX Runtime, and comes back`, async (t) => {
    const folder = await temporaryFolder(t);
    const pruned = await prunedModel(t, `onnx/${name}`, 0.9);
    const packed = path.join(folder, 'packed.onnx');
    const back = path.join(folder, 'back.onnx');
    const result = await packFile(pruned, packed, unattended);
    assert.ok(result.tensors.some(({ leftBecause }) => leftBecause === null));
    assert.ok(result.bytesAfter < result.bytesBefore);
    assert.equal((await readFile(packed)).length, result.bytesAfter);
    const { model } = await openForTest(t, packed);
    const shape = inputShape(model.interface!.inputs[0]!.shape);
    const random = seededRandom(1);
    const count = shape.reduce((product, size) => product * size, 1);
    const input = { data: Float32Array.from({ length: count }, random), shape };
    const before = await runOnnx(pruned, input);
    const after = await runOnnx(packed, input);
    assert.deepEqual(after, before);
    await unpackFile(packed, back, unattended);
    assert.deepEqual(await runOnnx(back, input), before);
    if (isRaw) assert.ok((await readFile(back)).equals(await readFile(pruned)));
  });
}

function inputShape(shape: readonly (number | string | null)[]): readonly number[] {
  return shape.map((size) => (typeof size === 'number' ? size : 2));
}

test('a tensor is packed only where indices and values take less, with the figures', async (t) => {
  const folder = await temporaryFolder(t);
  const pruned = await prunedModel(t, 'onnx/digits_mlp_legacy.onnx', 0.6);
  const { tensors, bytesAfter, bytesBefore } = await packFile(
    pruned,
    path.join(folder, 'packed.onnx'),
    unattended,
  );
  for (const tensor of tensors) {
    const gains = 12 * tensor.kept < tensor.bytesBefore - 64;
    if (gains) assert.equal(tensor.leftBecause, null, tensor.name);
    else if (tensor.bytesBefore < 12 * tensor.kept) assert.match(tensor.leftBecause!, /would take/);
  }
  assert.ok(bytesAfter <= bytesBefore);
});

test('sparse indices that are out of order or range are a FormatError', async (t) => {
  const folder = await temporaryFolder(t);
  const pruned = await prunedModel(t, 'onnx/digits_mlp_legacy.onnx', 0.97);
  const packed = path.join(folder, 'packed.onnx');
  await packFile(pruned, packed, unattended);
  const bytes = await readFile(packed);
  // The first run of ascending int64 numbers is that of indices.
  const start = findIndices(bytes);
  for (const wrong of [-1n, 2n ** 40n]) {
    const broken = Buffer.from(bytes);
    broken.writeBigInt64LE(wrong, start + 8);
    const file = path.join(folder, 'broken.onnx');
    await writeFile(file, broken);
    await assert.rejects(openModelFile(file), FormatError);
  }
});

function findIndices(bytes: Buffer): number {
  for (let at = 0; at + 64 <= bytes.length; at++) {
    const some = Array.from({ length: 8 }, (_, i) => bytes.readBigInt64LE(at + 8 * i));
    if (some.every((value, i) => value < 4096n && (i === 0 ? value >= 0n : value > some[i - 1]!)))
      return at;
  }
  throw new Error('no indices');
}

test('other formats say what is possible instead', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'net.pth');
  await copyFile(fixturePath('pytorch/digits_mlp_legacy.pth'), file);
  await assert.rejects(packFile(file, path.join(folder, 'out.pth'), unattended), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /convert/);
    return true;
  });
});
