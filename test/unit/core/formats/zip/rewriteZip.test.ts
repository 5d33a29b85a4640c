import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { CancelledError } from '../../../../../src/core/errors';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import { crc32 } from '../../../../../src/core/formats/zip/crc32';
import {
  readZipDirectory,
  type ZipMember,
} from '../../../../../src/core/formats/zip/readZipDirectory';
import { zipContainer } from '../../../../../src/core/formats/zip/zipContainer';
import type { PartContent, RewriteJob, Span } from '../../../../../src/core/model/model';
import { unattended } from '../../../../../src/core/progress';
import { compression } from '../../../../../src/node/compression';
import { memoryScratch } from '../../../../helpers/memoryScratch';
import { seededRandom } from '../../../../helpers/random';
import { type MadeArchive, type MadeMember, makeZip } from '../../../../helpers/zipArchive';

/** Rewrites an archive with the content of some members (by index) changed. */
async function rewritten(
  file: Buffer,
  changes: ReadonlyMap<number, Uint8Array>,
  more: Partial<RewriteJob> = {},
): Promise<Buffer> {
  const members = await readZipDirectory(memorySource('x.zip', file), 'zip');
  const parts = [...changes.keys()].map((i) => ({ fileIndex: i + 1, member: members[i]! }));
  const sink = memoryScratch();
  await zipContainer({ fileIndex: 0, parts, compression }).rewrite({
    original: memorySource('x.zip', file),
    editedSpans: [],
    changed: new Map([...changes].map(([i, bytes]) => [i + 1, contentOf(bytes)])),
    changedFiles: new Set([0]),
    newNames: new Map(),
    sink,
    control: unattended,
    ...more,
  });
  return Buffer.from(sink.bytes());
}

function contentOf(bytes: Uint8Array): PartContent {
  return {
    byteLength: bytes.length,
    // In two chunks, of which the first is only valid until the second is asked for.
    async *chunks() {
      const half = bytes.length >>> 1;
      const chunk = new Uint8Array(bytes.subarray(0, half));
      yield await Promise.resolve(chunk);
      chunk.fill(0xee);
      yield new Uint8Array(bytes.subarray(half));
    },
  };
}

function contentsOf(file: Buffer, member: ZipMember): Buffer {
  const data = file.subarray(member.dataOffset, member.dataOffset + member.compressedBytes);
  return member.method === 8 ? inflateRawSync(data) : Buffer.from(data);
}

async function assertContents(file: Buffer, expected: readonly Uint8Array[]): Promise<void> {
  const members = await readZipDirectory(memorySource('x.zip', file), 'zip');
  assert.equal(members.length, expected.length);
  for (const [i, member] of members.entries()) {
    assert.deepEqual(contentsOf(file, member), Buffer.from(expected[i]!), member.name);
    assert.equal(member.crc32, crc32(expected[i]!), `${member.name}: CRC-32`);
    assert.equal(member.crcOffsets.length, 2, `${member.name}: both records have the CRC-32`);
  }
}

/** Archives of every mixture of forms, the same for the same seed. */
function randomArchive(seed: number): MadeArchive {
  const random = seededRandom(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const members = Array.from({ length: 1 + below(8) }, (_, i): MadeMember => {
    const descriptor = ([undefined, 'signed', 'unsigned', 'wide'] as const)[below(4)];
    return {
      name: `folder/member ${i}`,
      bytes: Uint8Array.from({ length: below(2000) }, () => below(7)),
      deflated: below(2) === 0,
      localZip64: descriptor === 'wide' || below(3) === 0,
      centralZip64: below(3) === 0,
      torchPadding: below(3) === 0,
      ...(descriptor === undefined ? {} : { descriptor }),
      ...(below(4) === 0 ? { comment: 'a comment' } : {}),
    };
  });
  return { members, zip64End: below(3) === 0, gap: below(2) * below(9), comment: 'end' };
}

test('changed members are packed anew and everything else keeps its content, in all forms', async () => {
  for (let seed = 0; seed < 300; seed++) {
    const archive = randomArchive(seed);
    const random = seededRandom(seed + 1000);
    const { bytes: file } = makeZip(archive);
    const changes = new Map<number, Uint8Array>();
    for (const [i, { bytes }] of archive.members.entries()) {
      // Of another length too: a member may be a container itself.
      const length = random() < 0.5 ? bytes.length : Math.floor(random() * 3000);
      const changed = Uint8Array.from({ length }, () => Math.floor(random() * 256));
      if (random() < 0.5) changes.set(i, changed);
    }
    const result = await rewritten(file, changes);
    await assertContents(
      result,
      archive.members.map(({ bytes }, i) => changes.get(i) ?? bytes),
    );
  }
});

test('an archive rewritten with the content it has holds the same bytes outside the packed data', async () => {
  const { bytes: file } = makeZip({
    members: [
      { name: 'stored', bytes: Buffer.from('abcdef'), descriptor: 'signed', torchPadding: true },
      { name: 'also', bytes: Buffer.from('ghi'), localZip64: true },
    ],
    comment: 'end',
    gap: 5,
  });
  const result = await rewritten(file, new Map([[0, Buffer.from('abcdef')]]));
  assert.deepEqual(result, file);
});

test('data that PyTorch aligned to 64 bytes stays aligned when members before it shrink', async () => {
  const names = ['m/data.pkl', 'm/data/0', 'm/data/1', 'm/version'];
  const { bytes: file } = makeZip({
    members: names.map((name, i) => ({
      name,
      bytes: Buffer.alloc(200, i + 1),
      deflated: i === 0,
      descriptor: 'signed',
      torchPadding: true,
    })),
  });
  const grown = Uint8Array.from({ length: 999 }, (_, i) => (i * 7919) % 251);
  const result = await rewritten(file, new Map([[0, grown]]));
  const members = await readZipDirectory(memorySource('x.pt', result), 'zip');
  for (const member of members) assert.equal(member.dataOffset % 64, 0, member.name);
  await assertContents(result, [grown, ...[2, 3, 4].map((value) => Buffer.alloc(200, value))]);
});

test('checksums over stored members that were edited in place are renewed with the rest', async () => {
  for (const descriptor of [undefined, 'signed', 'unsigned', 'wide'] as const) {
    const members = ['first', 'packed', 'last'].map((name) => ({
      name,
      bytes: Buffer.from(`${name} content`.repeat(20)),
      deflated: name === 'packed',
      ...(descriptor === undefined ? {} : { descriptor }),
    }));
    const { bytes: file, dataOffsets } = makeZip({ members });
    const editedSpans = [0, 2].map((i): Span => ({
      fileIndex: 0,
      byteOffset: dataOffsets[i]! + 3,
      byteLength: 4,
    }));
    const edited = Buffer.from(file);
    for (const { byteOffset, byteLength } of editedSpans) {
      edited.fill(0, byteOffset, byteOffset + byteLength);
    }
    const result = await rewritten(file, new Map([[1, Buffer.alloc(5000, 'x')]]), {
      original: memorySource('x.zip', edited),
      editedSpans,
    });
    const expected = members.map(({ bytes }) => Buffer.from(bytes).fill(0, 3, 7));
    await assertContents(result, [expected[0]!, Buffer.alloc(5000, 'x'), expected[2]!]);
  }
});

test('a rewrite that is cancelled stops', async () => {
  const { bytes: file } = makeZip({
    members: [{ name: 'a', bytes: Buffer.alloc(100), deflated: true }],
  });
  const control = { signal: { aborted: true }, report: () => undefined };
  await assert.rejects(
    rewritten(file, new Map([[0, Buffer.alloc(99)]]), { control }),
    CancelledError,
  );
});
