import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FormatError } from '../../../src/core/errors';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { openForTest } from '../../helpers/modelFixtures';

const SET = 'safetensors/lenet5_sharded';
const INDEX = 'model.safetensors.index.json';

/** A set whose files are links from one folder to files of another, as huggingface_hub lays them out. */
async function linkedSet(t: TestContext, from: string, to: string): Promise<string> {
  const root = await temporaryFolder(t);
  const [folder, blobs] = [path.join(root, from), path.join(root, to)];
  await mkdir(folder, { recursive: true });
  await mkdir(blobs, { recursive: true });
  for (const [i, name] of (await readdir(fixturePath(SET))).entries()) {
    const blob = path.join(blobs, `blob${i}`);
    await copyFile(fixturePath(SET, name), blob);
    await symlink(path.relative(folder, blob), path.join(folder, name));
  }
  return path.join(folder, INDEX);
}

test('a set in a Hugging Face cache is opened through its links to blobs', async (t) => {
  const file = await linkedSet(t, 'models--a--b/snapshots/0f3c', 'models--a--b/blobs');
  assert.equal((await openForTest(t, file)).model.tensors.length, 10);
});

for (const [what, from, to] of [
  ['blobs of another model', 'models--a--b/snapshots/0f3c', 'models--c--d/blobs'],
  ['a folder below blobs', 'models--a--b/snapshots/0f3c', 'models--a--b/blobs/below'],
  ['another folder than blobs', 'models--a--b/snapshots/0f3c', 'models--a--b/refs'],
  ['blobs beside a folder that is no snapshot', 'models--a--b/other/0f3c', 'models--a--b/blobs'],
] as const) {
  test(`links to ${what} are refused`, async (t) => {
    const file = await linkedSet(t, from, to);
    await assert.rejects(
      openForTest(t, file),
      (error) =>
        error instanceof FormatError && /a link that leaves the folder/.test(error.message),
    );
  });
}

test('a blobs folder that is a link itself is refused', async (t) => {
  const file = await linkedSet(t, 'models--a--b/snapshots/0f3c', 'elsewhere');
  const root = path.dirname(path.dirname(path.dirname(path.dirname(file))));
  const model = path.join(root, 'models--a--b');
  await symlink('../elsewhere', path.join(model, 'blobs'));
  await assert.rejects(openForTest(t, file), /a link that leaves the folder/);
});
