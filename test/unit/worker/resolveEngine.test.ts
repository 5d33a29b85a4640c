import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { findNativeEngine, resolveEngine } from '../../../src/worker/resolveEngine';
import { projectRoot, temporaryFolder } from '../../helpers/fixtures';

const options = { entry: path.join(projectRoot, 'dist/job.js') };

test('a folder without the package has no native engine', async (t) => {
  const folder = await temporaryFolder(t);
  assert.deepEqual(await findNativeEngine([folder], options), { kind: 'absent' });
});

test('a package of another version is refused with both versions, without being loaded', async (t) => {
  const folder = await withPackage(t, '4.20.0', 'process.exit(9)');
  assert.deepEqual(await findNativeEngine([folder], options), {
    kind: 'broken',
    folder,
    reason: '@tensorflow/tfjs-node: found version 4.20.0; allowed: 4.22.0',
  });
});

test('a package whose library is missing is broken, with the reason it throws', async (t) => {
  const folder = await withPackage(t, '4.22.0', 'throw new Error("no tfjs_binding.node")');
  const native = await findNativeEngine([folder], options);
  assert.equal(native.kind, 'broken');
  assert.match(native.reason, /^no tfjs_binding\.node$/);
});

test('a package that ends its process is broken, and ends no other process', async (t) => {
  const folder = await withPackage(t, '4.22.0', 'process.exit(9)');
  const native = await findNativeEngine([folder], options);
  assert.equal(native.kind, 'broken');
  assert.match(native.reason, /exit code 9/);
});

test('a package that brings no backend is broken', async (t) => {
  const folder = await withPackage(t, '4.22.0', 'module.exports = {}');
  const native = await findNativeEngine([folder], options);
  assert.equal(native.kind, 'broken');
  assert.match(native.reason, /^Backend name 'tensorflow' not found/);
});

test('the first folder that has the package counts', async (t) => {
  const empty = await temporaryFolder(t);
  const first = await withPackage(t, '4.20.0', '');
  const second = await withPackage(t, '4.22.0', '');
  const native = await findNativeEngine([empty, first, second], options);
  assert.equal(native.kind === 'broken' ? native.folder : '', first);
});

test('the native engine is not looked for where another engine is asked for', async (t) => {
  const nativeFolders = [await withPackage(t, '4.20.0', '')];
  for (const preference of ['tfjs', 'onnxruntime'] as const) {
    const choice = await resolveEngine({ preference, nativeFolders }, options);
    assert.deepEqual(choice, { preference, native: { kind: 'absent' } });
  }
  const { native } = await resolveEngine({ preference: 'auto', nativeFolders }, options);
  assert.equal(native.kind, 'broken');
});

/** A folder with a package of that name on disk, as an installation that failed may leave it. */
async function withPackage(t: TestContext, version: string, code: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const place = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
  await mkdir(place, { recursive: true });
  const manifest = { name: '@tensorflow/tfjs-node', version, main: 'index.js' };
  await writeFile(path.join(place, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(place, 'index.js'), code);
  return folder;
}
