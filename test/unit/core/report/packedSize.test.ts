import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { cutsByTensor } from '../../../../src/core/model/applyCut';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { packedModelBytes, packedSizes } from '../../../../src/core/report/packedSize';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { packFile } from '../../../../src/node/packFile';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';
import { openForTest } from '../../../helpers/modelFixtures';
import { npyFile } from '../../../helpers/npyFile';
import { seededRandom } from '../../../helpers/random';
import { writeCopy } from '../../../helpers/rewriteInPlace';
import { makeZip } from '../../../helpers/zipArchive';

/** Files of the formats that pack, from some KB to some hundred. */
const MODELS = [
  'safetensors/digits_mlp_f32.safetensors',
  'safetensors/digits_mlp_bf16.safetensors',
  'safetensors/digits_mlp_metadata.safetensors',
  'safetensors/resnet.safetensors',
  'safetensors/transformer.safetensors',
  'safetensors/lenet5_sharded/model.safetensors.index.json',
  'onnx/digits_mlp_legacy.onnx',
  'onnx/lenet5_legacy.onnx',
  'onnx/lstm_legacy.onnx',
  'onnx/transformer_dynamo.onnx',
  'onnx/lenet5_external.onnx',
];

/** The two sizes of a report, and those of files that were written. */
async function assertSizes(t: TestContext, file: string, sparsity: number): Promise<void> {
  const opened = await openForTest(t, file);
  const recipe = parseRecipe({ sparsity, scope: 'layer' }, 'test');
  const { entries } = await planPrune(opened.model, recipe, unattended);
  const said = await packedSizes(opened.model, entries, unattended);
  const pruned = await writeCopy(t, opened, cutsByTensor(entries));
  for (const [name, one, bytes] of [
    ['before', file, said.packedBefore],
    ['after', pruned, said.packedAfter],
  ] as const) {
    const folder = await temporaryFolder(t);
    const isSet = one.endsWith('.json');
    const output = path.join(folder, isSet ? 'packed' : path.basename(one));
    const { bytesAfter } = await packFile(one, output, unattended);
    const off = bytes / bytesAfter - 1;
    assert.ok(
      Math.abs(off) <= 0.01,
      `${name}: ${bytes} for ${bytesAfter}, ${(100 * off).toFixed(2)} %`,
    );
  }
}

for (const model of MODELS) {
  test(`${model}: the packed sizes that a report says are within 1 % of the files`, async (t) => {
    for (const sparsity of [0.5, 0.9, 0.97]) await assertSizes(t, fixturePath(model), sparsity);
  });
}

/** An archive as NumPy writes it. */
async function archive(t: TestContext, deflated: boolean): Promise<string> {
  const random = seededRandom(3);
  const layer = (name: string, shape: readonly number[]): { name: string; bytes: Uint8Array } => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => random() - 0.5);
    const data = new Uint8Array(values.buffer);
    return { name: `${name}.npy`, bytes: npyFile({ descr: '<f4', shape, data }) };
  };
  const members = [layer('l1/w', [60, 80]), layer('l1/b', [80]), layer('l2/w', [8, 10, 3, 3])];
  const file = path.join(await temporaryFolder(t), 'net.npz');
  const forms = { deflated, localZip64: true };
  await writeFile(file, makeZip({ members: members.map((one) => ({ ...one, ...forms })) }).bytes);
  return file;
}

test('npz: the packed sizes that a report says are within 1 % of the files', async (t) => {
  const file = await archive(t, false);
  for (const sparsity of [0.5, 0.9, 0.97]) await assertSizes(t, file, sparsity);
});

test('negative zeros count as what is kept, where zeros were before', async (t) => {
  const words = new Float32Array(64 * 64).fill(0.5);
  words.fill(0, 0, 1000);
  words.fill(-0, 1000, 3000);
  const data = new Uint8Array(words.buffer);
  const bytes = npyFile({ descr: '<f4', shape: [64, 64], data });
  const file = path.join(await temporaryFolder(t), 'net.npz');
  const others = {
    name: 'b.npy',
    bytes: npyFile({ descr: '<f4', shape: [1], data: Buffer.alloc(4) }),
  };
  await writeFile(file, makeZip({ members: [{ name: 'w.npy', bytes }, others] }).bytes);
  // Two thirds of what is zero stay: of those some are negative.
  for (const sparsity of [0.3, 0.6, 0.9]) await assertSizes(t, file, sparsity);
});

test('a model that is pruned to a number of packed bytes packs into a file of no more', async (t) => {
  const npz = await archive(t, false);
  for (const file of [...MODELS.slice(0, 8).map((name) => fixturePath(name)), npz]) {
    const opened = await openForTest(t, file);
    const most = packedModelBytes(opened.model, []);
    for (const share of [0.85, 0.5]) {
      const recipe = parseRecipe({ maxBytes: Math.floor(share * most) }, 'test');
      const { entries } = await planPrune(opened.model, recipe, unattended);
      const pruned = await writeCopy(t, opened, cutsByTensor(entries));
      const isSet = file.endsWith('.json');
      const output = path.join(await temporaryFolder(t), isSet ? 'packed' : path.basename(file));
      const { bytesAfter } = await packFile(pruned, output, unattended);
      assert.ok(bytesAfter <= share * most, `${file}: ${bytesAfter} for ${share * most}`);
      assert.ok(bytesAfter >= 0.98 * share * most, `${file}: ${bytesAfter} for ${share * most}`);
    }
  }
});

test('the size told from counts never rises with the weights that go', async (t) => {
  for (const name of MODELS) {
    const { model } = await openForTest(t, fixturePath(name));
    let last = Infinity;
    for (let percent = 0; percent <= 100; percent += 10) {
      const recipe = parseRecipe({ sparsity: percent / 100, scope: 'layer' }, 'test');
      const { entries } = await planPrune(model, recipe, unattended);
      const bytes = packedModelBytes(model, entries);
      assert.ok(bytes <= last, `${name} at ${percent} %: ${bytes} after ${last}`);
      last = bytes;
    }
  }
});
