// A file cut short at any byte is told from a whole one, with the format named.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { FormatError } from '../../../../src/core/errors';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';
import { copyOfFixture } from '../../../helpers/modelFixtures';

async function assertRefused(file: string, length: number): Promise<void> {
  try {
    await (await openModelFile(file)).close();
  } catch (error) {
    assert.ok(error instanceof FormatError, `at ${length}: ${String(error)}`);
    return;
  }
  assert.fail(`cut at ${length} bytes it was accepted`);
}

const FILES = [
  ['safetensors', 'edge_dtypes.safetensors'],
  ['safetensors', 'edge_unpadded_header_unsorted.safetensors'],
  ['numpy', 'iris_mlp.npz'],
  ['numpy', 'iris_mlp_compressed.npz'],
  ['numpy', 'iris_mlp_W1.npy'],
  ['numpy', 'edge_v3_header.npy'],
] as const;

for (const [folder, name] of FILES) {
  test(`${name} cut short at every byte gives a FormatError`, async (t) => {
    const file = await copyOfFixture(t, folder, name);
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      await assertRefused(file, length);
    }
  });
}

test('a TF.js shard or model.json cut short gives a FormatError', async (t) => {
  const folder = await copyOfFixture(t, 'tfjs', 'autoencoder');
  for (const name of ['weights.bin', 'model.json']) {
    const file = path.join(folder, name);
    const whole = await readFile(fixturePath('tfjs', 'autoencoder', name));
    const step = Math.ceil(whole.length / 400);
    for (let length = 0; length < whole.length; length += step) {
      await writeFile(file, whole.subarray(0, length));
      await assertRefused(folder, length);
    }
    await writeFile(file, whole);
  }
});
