import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { UsageError } from '../../../src/core/errors';
import { temporaryFolderPrefix } from '../../../src/node/temporaryFolders';
import { writeAtomically } from '../../../src/node/writeAtomically';
import { temporaryFolder } from '../../helpers/fixtures';

const BYTES = new Uint8Array([1, 2, 3]);

test('what is not a file stays what it is', async (t) => {
  const parent = await temporaryFolder(t);
  const folder = path.join(parent, 'folder');
  const pipe = path.join(parent, 'pipe');
  await mkdir(folder);
  const others = spawnSync('mkfifo', [pipe]).status === 0 ? [folder, pipe] : [folder];
  for (const other of others) {
    await assert.rejects(
      writeAtomically(other, (sink) => sink.write(0, BYTES)),
      UsageError,
    );
    assert.ok(!(await stat(other)).isFile());
  }
  assert.equal((await readdir(parent)).length, others.length);
});

test('what a killed process left beside a file goes when the next one is written', async (t) => {
  const parent = await temporaryFolder(t);
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const left = `${temporaryFolderPrefix()}00000000`.replace(`-${process.pid}-`, `-${gone}-`);
  await writeFile(path.join(parent, left), BYTES);
  await writeAtomically(path.join(parent, 'file'), (sink) => sink.write(0, BYTES));
  assert.deepEqual(await readdir(parent), ['file']);
  assert.deepEqual(new Uint8Array(await readFile(path.join(parent, 'file'))), BYTES);
});

test('a write that fails leaves what was there, and nothing beside it', async (t) => {
  const parent = await temporaryFolder(t);
  const file = path.join(parent, 'file');
  await writeFile(file, BYTES);
  const failure = new Error('no more');
  await assert.rejects(
    writeAtomically(file, async (sink) => {
      await sink.write(0, new Uint8Array(9));
      throw failure;
    }),
    failure,
  );
  assert.deepEqual(await readdir(parent), ['file']);
  assert.deepEqual(new Uint8Array(await readFile(file)), BYTES);
});
