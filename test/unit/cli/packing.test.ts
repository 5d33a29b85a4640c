import assert from 'node:assert/strict';
import { copyFile, cp, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { differingTensor } from '../../../src/core/pack/compareModels';
import { unattended } from '../../../src/core/progress';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { openForTest } from '../../helpers/modelFixtures';
import { npyFile } from '../../helpers/npyFile';
import { seededRandom } from '../../helpers/random';
import { makeZip } from '../../helpers/zipArchive';

/** An npz of two layers in a folder of its own. */
async function archive(folder: string): Promise<string> {
  const random = seededRandom(8);
  const members = ['l1/kernel', 'l2/kernel'].map((name) => {
    const values = Float32Array.from({ length: 64 * 48 }, () => random() - 0.5);
    const data = new Uint8Array(values.buffer);
    return { name: `${name}.npy`, bytes: npyFile({ descr: '<f4', shape: [64, 48], data }) };
  });
  const file = path.join(folder, 'net.npz');
  await writeFile(file, makeZip({ members }).bytes);
  return file;
}

const MODELS: readonly (readonly [string, (folder: string) => Promise<string>])[] = [
  ['safetensors', (folder) => copied(folder, 'safetensors/digits_mlp_f32.safetensors')],
  ['ONNX', (folder) => copied(folder, 'onnx/digits_mlp_legacy.onnx')],
  ['npz', archive],
];

async function copied(folder: string, fixture: string): Promise<string> {
  const file = path.join(folder, path.basename(fixture));
  await copyFile(fixturePath(fixture), file);
  return file;
}

interface PackedAnswer {
  readonly output: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly tensors: readonly { readonly leftBecause: string | null }[];
}

async function assertSameTensors(t: TestContext, file: string, other: string): Promise<void> {
  const [before, after] = [await openForTest(t, file), await openForTest(t, other)];
  assert.equal(await differingTensor(before.model, after.model, unattended), null);
}

for (const [format, make] of MODELS) {
  test(`${format}: what is pruned, packed and unpacked holds the same tensors, and a packed file is not pruned`, async (t) => {
    const folder = await temporaryFolder(t);
    const file = await make(folder);
    const extension = path.extname(file);
    const [pruned, packed, back] = ['pruned', 'packed', 'back'].map((name) =>
      path.join(folder, `${name}${extension}`),
    ) as [string, string, string];
    const done = await secateur('prune', file, '-o', pruned, '--sparsity', '0.9');
    assert.equal(done.exitCode, 0, done.stderr);
    assert.match(done.stdout, /zeros alone do not make a file smaller/u);
    assert.match(done.stdout, /only removing units makes a network faster/u);
    const packing = await secateur('pack', pruned, '-o', packed, '--json');
    assert.equal(packing.exitCode, 0, packing.stderr);
    const answer = JSON.parse(packing.stdout) as PackedAnswer;
    assert.equal((await stat(packed)).size, answer.bytesAfter);
    assert.equal((await stat(pruned)).size, answer.bytesBefore);
    assert.ok(answer.bytesAfter < answer.bytesBefore / 2);
    assert.ok(answer.tensors.some(({ leftBecause }) => leftBecause === null));
    await assertSameTensors(t, pruned, packed);

    const inspected = await secateur('inspect', packed, '--json');
    assert.equal(inspected.exitCode, 0, inspected.stderr);
    const again = await secateur(
      'prune',
      packed,
      '-o',
      path.join(folder, `x${extension}`),
      '--sparsity',
      '0.5',
    );
    assert.equal(again.exitCode, 4);
    assert.match(again.stderr, /packed without its zeros; supported: unpack it first/u);
    const twice = await secateur('pack', packed, '-o', path.join(folder, `y${extension}`));
    assert.equal(twice.exitCode, 4);
    assert.match(twice.stderr, /packed already/u);

    const unpacking = await secateur('unpack', packed, '-o', back);
    assert.equal(unpacking.exitCode, 0, unpacking.stderr);
    await assertSameTensors(t, pruned, back);
    if (format === 'safetensors') {
      assert.ok((await readFile(back)).equals(await readFile(pruned)));
      assert.match(unpacking.stdout, /byte for byte/u);
    }
  });
}

test('a set of safetensors files is packed and unpacked as a folder', async (t) => {
  const folder = await temporaryFolder(t);
  const set = path.join(folder, 'set');
  await cp(fixturePath('safetensors/lenet5_sharded'), set, { recursive: true });
  const [pruned, packed, back] = ['pruned', 'packed', 'back'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  for (const args of [
    ['prune', set, '-o', pruned, '--sparsity', '0.95'],
    ['pack', pruned, '-o', packed],
    ['unpack', packed, '-o', back],
  ]) {
    const { exitCode, stderr } = await secateur(...args);
    assert.equal(exitCode, 0, stderr);
  }
  await assertSameTensors(t, pruned, packed);
  const index = 'model.safetensors.index.json';
  for (const name of [index, 'model-00001-of-00003.safetensors']) {
    const [one, other] = [path.join(pruned, name), path.join(back, name)];
    assert.ok((await readFile(one)).equals(await readFile(other)), name);
  }
});

test('a packed network gives the outputs of the one that was packed', async (t) => {
  const folder = await temporaryFolder(t);
  const pruned = path.join(folder, 'pruned.onnx');
  const packed = path.join(folder, 'packed.onnx');
  const source = fixturePath('onnx/digits_mlp_legacy.onnx');
  await secateur('prune', source, '-o', pruned, '--sparsity', '0.9');
  await secateur('pack', pruned, '-o', packed);
  const random = seededRandom(5);
  const values = Float32Array.from({ length: 2 * 64 }, random);
  const x = npyFile({ descr: '<f4', shape: [2, 64], data: new Uint8Array(values.buffer) });
  const inputs = path.join(folder, 'x.npz');
  await writeFile(inputs, makeZip({ members: [{ name: 'input0.npy', bytes: x }] }).bytes);
  for (const engine of ['tfjs', 'onnxruntime']) {
    const outputs = [];
    for (const file of [pruned, packed]) {
      const out = path.join(folder, `y${outputs.length}.npz`);
      const run = await secateur('run', file, '--inputs', inputs, '--out', out, '--engine', engine);
      assert.equal(run.exitCode, 0, run.stderr);
      outputs.push(await readFile(out));
    }
    assert.ok(outputs[0]!.equals(outputs[1]!), engine);
  }
});
