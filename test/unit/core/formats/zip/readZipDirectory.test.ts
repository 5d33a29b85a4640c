import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { FormatError } from '../../../../../src/core/errors';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import {
  readMemberNames,
  readZipDirectory,
} from '../../../../../src/core/formats/zip/readZipDirectory';
import { type MadeMember, makeZip } from '../../../../helpers/zipArchive';

const bytes = Buffer.from('0123456789'.repeat(9));
const FORMS: readonly MadeMember[] = [
  { name: 'plain', bytes },
  { name: 'deflated', bytes, deflated: true },
  { name: 'numpy.npy', bytes, localZip64: true },
  { name: 'streamed', bytes, deflated: true, descriptor: 'signed' },
  { name: 'streamed without signature', bytes, descriptor: 'unsigned' },
  { name: 'streamed large', bytes, descriptor: 'wide', localZip64: true, centralZip64: true },
  { name: 'a/data/0', bytes, descriptor: 'signed', torchPadding: true },
  { name: 'empty', bytes: Buffer.alloc(0), comment: 'nothing' },
];

for (const zip64End of [false, true]) {
  test(`members are found in every form that writers give them${zip64End ? ', with zip64 end records' : ''}`, async () => {
    const { bytes: file, dataOffsets } = makeZip({ members: FORMS, zip64End, comment: 'end' });
    const members = await readZipDirectory(memorySource('x.zip', file), 'zip');
    assert.deepEqual(
      members.map(({ name }) => name),
      FORMS.map(({ name }) => name),
    );
    for (const [i, member] of members.entries()) {
      assert.equal(member.dataOffset, dataOffsets[i], member.name);
      const data = file.subarray(member.dataOffset, member.dataOffset + member.compressedBytes);
      const plain = member.method === 8 ? inflateRawSync(data) : data;
      assert.deepEqual(plain, Buffer.from(FORMS[i]!.bytes));
      assert.equal(member.crcOffsets.length, 2);
      for (const offset of member.crcOffsets) assert.equal(file.readUInt32LE(offset), member.crc32);
    }
  });
}

test('names are code page 437 unless they say that they are UTF-8', async () => {
  const { bytes: file } = makeZip({
    members: [
      { name: 'größe', bytes, utf8: true },
      { name: Uint8Array.of(0x67, 0x72, 0x94, 0xe1, 0x65), bytes },
    ],
  });
  assert.deepEqual(await readMemberNames(memorySource('x.zip', file), 'zip'), ['größe', 'größe']);
});

test('members that share bytes are refused', async () => {
  const { bytes: file } = makeZip({
    members: [
      { name: 'a', bytes },
      { name: 'b', bytes },
    ],
  });
  // The second entry of the directory is made to point at the first member.
  const second = file.lastIndexOf('PK\x01\x02');
  file.writeUInt32LE(0, second + 42);
  await assert.rejects(readZipDirectory(memorySource('x.zip', file), 'zip'), (error: unknown) => {
    assert.ok(error instanceof FormatError);
    assert.match(error.message, /members do not share bytes/);
    return true;
  });
});

test('an archive cut short at any byte is refused', async () => {
  const { bytes: file } = makeZip({ members: FORMS, zip64End: true });
  for (let length = 0; length < file.length; length++) {
    const cut = memorySource('x.zip', file.subarray(0, length));
    await assert.rejects(readZipDirectory(cut, 'zip'), FormatError, `at ${length}`);
  }
});

test('neighbouring headers are read together', async () => {
  const members = Array.from({ length: 20_000 }, (_, i) => ({ name: `m${i}`, bytes }));
  const { bytes: file } = makeZip({ members });
  const source = memorySource('x.zip', file);
  let reads = 0;
  const counting = {
    ...source,
    readInto: (offset: number, target: Uint8Array) => {
      reads++;
      return source.readInto(offset, target);
    },
  };
  assert.equal((await readZipDirectory(counting, 'zip')).length, members.length);
  assert.ok(reads < 40, `${reads} reads`);
});
