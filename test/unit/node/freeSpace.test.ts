import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { IoError } from '../../../src/core/errors';
import { createModelOutput } from '../../../src/node/modelOutput';
import { temporaryFolder } from '../../helpers/fixtures';
import { openForTest } from '../../helpers/modelFixtures';
import { writeSparseModel } from '../../helpers/sparseModel';

test('an output that the disk has no room for is refused before anything is written', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'huge.safetensors');
  await writeSparseModel(file, 2 ** 43);
  const opened = await openForTest(t, file);
  const output = path.join(folder, 'out', 'huge.safetensors');
  await assert.rejects(createModelOutput(opened, { output, replace: false }), (error: unknown) => {
    assert.ok(error instanceof IoError);
    assert.equal(error.code, 'ENOSPC');
    assert.match(error.message, /needs 8796093\d+ bytes, but only \d+ are free/);
    return true;
  });
  assert.deepEqual(await readdir(folder), ['huge.safetensors']);
});
