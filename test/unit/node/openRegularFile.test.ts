import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FormatError } from '../../../src/core/errors';
import { auditFile } from '../../../src/node/auditFile';
import { countRecords, detectDelimiter } from '../../../src/node/data/csvDelimiter';
import { readCsvTable } from '../../../src/node/data/csvTable';
import { dataKind } from '../../../src/node/data/dataKind';
import { openFileSource } from '../../../src/node/fileSource';
import { openModelFile } from '../../../src/node/openModel';
import { temporaryFolder } from '../../helpers/fixtures';

async function pipe(t: TestContext, name: string): Promise<string> {
  const file = path.join(await temporaryFolder(t), name);
  execFileSync('mkfifo', [file]);
  return file;
}

/** The refusal of a file of another kind, with the format whose file it should be. */
function refusal(format: string, found: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof FormatError, String(error));
    const { detail } = error;
    assert.deepEqual(
      [detail.format, detail.found, detail.allowed],
      [format, found, 'a regular file'],
    );
    return true;
  };
}

const PIPE_READERS: readonly (readonly [string, string, (file: string) => Promise<unknown>])[] = [
  ['a model', 'file', (file) => openModelFile(file)],
  ['a file to audit', 'file', auditFile],
  ['data', 'data', dataKind],
  ['a csv whose delimiter is looked for', 'csv', detectDelimiter],
  ['a csv whose records are counted', 'csv', countRecords],
  ['a csv that is read', 'csv', (file) => readCsvTable(file)],
];

for (const [what, format, read] of PIPE_READERS) {
  test(`a pipe given as ${what} is refused at once`, { timeout: 10_000 }, async (t) => {
    const file = await pipe(t, 'model.safetensors');
    await assert.rejects(read(file), refusal(format, 'a pipe'));
  });
}

test('a pipe given as a shard is refused at once', { timeout: 10_000 }, async (t) => {
  const shard = await pipe(t, 'part.safetensors');
  const index = path.join(path.dirname(shard), 'model.safetensors.index.json');
  await writeFile(index, JSON.stringify({ weight_map: { a: 'part.safetensors' } }));
  await assert.rejects(openModelFile(index), refusal('file', 'a pipe'));
});

test('devices, folders and sockets are refused by what they are', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'weights'));
  const socket = path.join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(socket, listening));
  t.after(() => server.close());
  for (const [file, found] of [
    ['/dev/null', 'a device'],
    ['/dev/zero', 'a device'],
    [path.join(folder, 'weights'), 'a folder'],
    [socket, 'a socket'],
  ] as const) {
    await assert.rejects(openFileSource(file, 'model.npz'), refusal('file', found));
  }
});

test('a file that is refused is closed', { timeout: 10_000 }, async (t) => {
  const file = await pipe(t, 'model.npz');
  const before = readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 20; i++) await assert.rejects(openFileSource(file, 'model.npz'));
  assert.ok(readdirSync('/proc/self/fd').length < before + 10);
});
