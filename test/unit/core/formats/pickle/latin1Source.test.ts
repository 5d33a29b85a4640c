import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySource } from '../../../../../src/core/formats/memorySource';
import { latin1Source } from '../../../../../src/core/formats/pickle/latin1Source';
import { encodeLatin1 } from '../../../../../src/core/kernels/latin1Kernel';
import { createRandom } from '../../../../../src/core/random';

const where = { format: 'paddle', place: 'tensor "w"' };

function sourceOf(text: Uint8Array, byteLength: number): ReturnType<typeof latin1Source> {
  const source = memorySource('x.pdparams', text);
  return latin1Source({ source, byteOffset: 0, textBytes: text.length, byteLength, where });
}

async function read(text: Uint8Array, byteLength: number): Promise<Uint8Array> {
  const target = new Uint8Array(byteLength);
  await sourceOf(text, byteLength).readInto(0, target);
  return target;
}

test('any range of the bytes can be read, in any order', async () => {
  const random = createRandom(5);
  const bytes = Uint8Array.from({ length: 700_000 }, () => random.below(256));
  const room = new Uint8Array(2 * bytes.length);
  const text = room.subarray(0, encodeLatin1(bytes, room));
  assert.deepEqual(Buffer.from(bytes).toString('latin1'), Buffer.from(text).toString('utf8'));
  const source = sourceOf(text, bytes.length);
  const ranges = Array.from({ length: 40 }, () => {
    const start = random.below(bytes.length);
    return [start, Math.min(bytes.length, start + random.below(400_000))] as const;
  });
  // All at once, as a reader does that reads ahead.
  await Promise.all(
    ranges.map(async ([start, end]) => {
      const target = new Uint8Array(end - start);
      await source.readInto(start, target);
      assert.ok(Buffer.from(target).equals(bytes.subarray(start, end)), `${start} to ${end}`);
    }),
  );
});

test('text that stands for no bytes, or for another number of them, is refused', async () => {
  const refused = { name: 'FormatError' };
  await assert.rejects(read(Buffer.from('aĀ'), 2), refused);
  await assert.rejects(read(Uint8Array.of(0x61, 0x80), 2), refused);
  await assert.rejects(read(Uint8Array.of(0x61, 0xc2), 2), refused);
  await assert.rejects(read(Uint8Array.of(0xc2, 0x61), 1), refused);
  await assert.rejects(read(Buffer.from('abc'), 2), refused);
  await assert.rejects(read(Buffer.from('ab'), 3), refused);
  assert.deepEqual(await read(Buffer.from('a\u00ff'), 2), Uint8Array.of(0x61, 0xff));
});
