import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../../../src/core/errors';
import { memorySource } from '../../../../src/core/formats/memorySource';
import { readInWindows } from '../../../../src/core/formats/windowedSource';
import { readBytes, type ByteSource } from '../../../../src/core/io';
import { memoryModel } from '../../../helpers/memoryModel';
import { createRandom } from '../../../../src/core/random';

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 13);

function windowed(source: ByteSource): ByteSource {
  return readInWindows({ ...memoryModel([]), files: [source] }).files[0]!;
}

test('a file read through a window gives the bytes of the file, wherever and however many', async () => {
  const source = windowed(memorySource('file', BYTES));
  const random = createRandom(1);
  for (let i = 0; i < 500; i++) {
    const byteOffset = random.below(BYTES.length);
    const wanted = random.below(i % 10 === 0 ? 100_000 : 40);
    const byteLength = Math.min(wanted, BYTES.length - byteOffset);
    const expected = BYTES.slice(byteOffset, byteOffset + byteLength);
    assert.deepEqual(await readBytes(source, byteOffset, byteLength), expected);
  }
});

test('many small reads side by side take few reads of the file', async () => {
  let reads = 0;
  const file = memorySource('file', BYTES);
  const source = windowed({
    name: file.name,
    byteLength: file.byteLength,
    readInto(byteOffset, target) {
      reads++;
      return file.readInto(byteOffset, target);
    },
  });
  for (let at = 0; at < BYTES.length; at += 100) await readBytes(source, at, 16);
  assert.ok(reads <= 5, `${reads} reads`);
});

test('a read beyond the end of a file is refused through a window too', async () => {
  const source = windowed(memorySource('file', BYTES));
  await assert.rejects(readBytes(source, BYTES.length - 3, 4), FormatError);
});
