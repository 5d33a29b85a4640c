import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { UnsupportedError } from '../../../../../src/core/errors';
import { encodeNpz } from '../../../../../src/core/formats/numpy/encodeNpz';
import { NpzWriter, type StreamedArray } from '../../../../../src/core/formats/numpy/npzWriter';
import {
  encodeDirectoryEntry,
  encodeLocalHeader,
  encodeZipEnd,
} from '../../../../../src/core/formats/zip/encodeZip';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import {
  readMemberNames,
  readZipDirectory,
} from '../../../../../src/core/formats/zip/readZipDirectory';
import { writeAtomically } from '../../../../../src/node/writeAtomically';
import { temporaryFolder } from '../../../../helpers/fixtures';

const values = Float32Array.of(1, 2, 3, 4, 5, 6);
const bytes = new Uint8Array(values.buffer);

const streamed = (name: string, pieces: readonly number[]): StreamedArray => ({
  name,
  shape: [2, 3],
  descr: '<f4',
  chunks: pieces.map((start, i) => bytes.subarray(start, pieces[i + 1])),
});

async function written(file: string, arrays: readonly StreamedArray[]): Promise<Buffer> {
  await writeAtomically(file, async (sink) => {
    const writer = new NpzWriter(sink);
    for (const array of arrays) await writer.add(array);
    await writer.finish();
  });
  return readFile(file);
}

test('streamed arrays are the bytes of the same arrays written at once, whatever their pieces', async (t) => {
  const file = path.join(await temporaryFolder(t), 'y.npz');
  const found = await written(file, [streamed('a', [0]), streamed('b/c é', [0, 4, 20])]);
  const array = { shape: [2, 3], values };
  const expected = encodeNpz([
    { ...array, name: 'a' },
    { ...array, name: 'b/c é' },
  ]);
  assert.deepEqual(new Uint8Array(found), expected);
});

test('more members than a plain zip can count are all read back', async () => {
  const count = 0xffff + 5;
  const archive = new Uint8Array(count * 300);
  let end = 0;
  const writer = new NpzWriter({
    write(byteOffset, part) {
      archive.set(part, byteOffset);
      end = Math.max(end, byteOffset + part.length);
      return Promise.resolve();
    },
  });
  const chunks = [bytes.subarray(0, 4)];
  for (let i = 0; i < count; i++)
    await writer.add({ name: `t${i}`, shape: [], descr: '<f4', chunks });
  await writer.finish();
  const names = await readMemberNames(memorySource('many', archive.slice(0, end)), 'npz');
  assert.equal(names.length, count);
  assert.equal(names.at(-1), `t${count - 1}.npy`);
});

test('sizes and places beyond 32 bits stand in the zip64 fields', async () => {
  const name = new TextEncoder().encode('big.npy');
  const memberBytes = 5 * 2 ** 30;
  const entry = { name, byteLength: memberBytes, crc: 7, headerOffset: 2 ** 33 };
  const directory = encodeDirectoryEntry(entry);
  const place = { entryCount: 1, directoryOffset: 2 ** 34, directoryBytes: directory.length };
  // A file of 16 GiB of which only a header and the end are not zero.
  const parts = [
    { start: entry.headerOffset, bytes: encodeLocalHeader(entry) },
    { start: place.directoryOffset, bytes: Buffer.concat([directory, encodeZipEnd(place)]) },
  ];
  const byteLength = place.directoryOffset + (parts[1]?.bytes.length ?? 0);
  const members = await readZipDirectory({ name: 'big', byteLength, readInto }, 'npz');
  function readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    target.fill(0);
    for (const { start, bytes: part } of parts) {
      const from = Math.max(0, byteOffset - start);
      const at = Math.max(0, start - byteOffset);
      if (at < target.length) target.set(part.subarray(from, from + target.length - at), at);
    }
    return Promise.resolve();
  }
  const [member] = members;
  assert.equal(members.length, 1);
  assert.equal(member?.name, 'big.npy');
  assert.equal(member.byteLength, memberBytes);
  assert.equal(member.localOffset, entry.headerOffset);
});

test('an array that is shorter than its shape, or has a known name, is refused', async (t) => {
  const file = path.join(await temporaryFolder(t), 'y.npz');
  const short = { ...streamed('a', [0]), shape: [2, 4] };
  await assert.rejects(written(file, [short]), /24|bytes/);
  await assert.rejects(written(file, [streamed('a', [0]), streamed('a', [0])]), UnsupportedError);
});
