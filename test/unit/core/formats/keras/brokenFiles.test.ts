// Files that are cut short or damaged end in a FormatError, in bounded time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../../../../src/core/errors';
import { readModel } from '../../../../../src/core/formats/registry';
import type { ByteSource, ModelFiles } from '../../../../../src/core/io';
import { verifyChecksums } from '../../../../../src/core/model/verifyChecksums';
import { unattended } from '../../../../../src/core/progress';
import { readTensorStatistics } from '../../../../../src/core/statistics/readTensorStatistics';
import { compression } from '../../../../../src/node/compression';
import { fixturePath } from '../../../../helpers/fixtures';
import { seededRandom } from '../../../../helpers/random';

/** Bytes as a file on its own. */
function filesOf(name: string, bytes: Uint8Array): ModelFiles {
  const main: ByteSource = {
    name,
    byteLength: bytes.length,
    readInto(byteOffset, target) {
      if (byteOffset + target.length > bytes.length) {
        const place = { format: 'file', place: name };
        return Promise.reject(new FormatError({ ...place, found: 'the end', allowed: 'more' }));
      }
      target.set(bytes.subarray(byteOffset, byteOffset + target.length));
      return Promise.resolve();
    },
  };
  return { main, openBeside: () => Promise.resolve([]), close: () => Promise.resolve() };
}

async function inspect(name: string, bytes: Uint8Array): Promise<void> {
  const model = await readModel(filesOf(name, bytes), compression);
  await verifyChecksums(model, unattended);
  for await (const { tensor } of readTensorStatistics(model, unattended)) {
    assert.notEqual(tensor.name, '');
  }
}

const STEPS: readonly (readonly [file: string, step: number])[] = [
  ['digits_mlp20.h5', 7],
  ['digits_mlp20.keras', 13],
  ['h5_edge_dtypes.h5', 7],
  ['h5_latest_chunked_gzip.h5', 13],
  ['layers_zoo_deflated.keras', 7],
];

for (const [file, step] of STEPS) {
  test(`${file} cut short anywhere gives a FormatError`, async () => {
    const bytes = readFileSync(fixturePath('keras', file));
    for (let length = 0; length < bytes.length; length += step) {
      const cut = bytes.subarray(0, length);
      await assert.rejects(readModel(filesOf(file, cut), compression), FormatError, `${length}`);
    }
  });
}

const MUTANTS = 200;
/** Far above what whole files take, on slow machines too. */
const MAX_MILLISECONDS = 2000;

for (const file of [
  'h5_latest_superblock3.h5',
  'h5_latest_chunked_gzip.h5',
  'h5_edge_dtypes.h5',
  'digits_mlp20.keras',
]) {
  test(`any damage to ${file} gives an answer, a FormatError or an UnsupportedError`, async () => {
    const whole = readFileSync(fixturePath('keras', file));
    const random = seededRandom(7);
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = Uint8Array.from(whole);
      const count = 1 + Math.floor(random() * 8);
      for (let j = 0; j < count; j++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const start = performance.now();
      try {
        await inspect(file, bytes);
      } catch (error) {
        const known = error instanceof FormatError || error instanceof UnsupportedError;
        assert.ok(known, `mutant ${i}: ${String(error)}`);
      }
      assert.ok(performance.now() - start < MAX_MILLISECONDS, `mutant ${i} takes too long`);
    }
  });
}
