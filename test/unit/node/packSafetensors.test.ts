import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FormatError, UnsupportedError } from '../../../src/core/errors';
import { unattended } from '../../../src/core/progress';
import { packFile, unpackFile } from '../../../src/node/packFile';
import { openModelFile } from '../../../src/node/openModel';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { openForTest } from '../../helpers/modelFixtures';
import { seededRandom } from '../../helpers/random';

/** A tensor of a file made here: its bytes as they are. */
interface Made {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

async function made(
  folder: string,
  tensors: Readonly<Record<string, Made>>,
  metadata?: Readonly<Record<string, string>>,
): Promise<string> {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const begin = end;
    end += data.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const json = { ...(metadata === undefined ? {} : { __metadata__: metadata }) };
  const header = Buffer.from(JSON.stringify({ ...json, ...Object.fromEntries(entries) }, null, 1));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = path.join(folder, 'made.safetensors');
  await writeFile(
    file,
    Buffer.concat([length, header, ...Object.values(tensors).map(({ data }) => data)]),
  );
  return file;
}

/** Random bytes of which whole elements are zero. */
function sparseBytes(
  elements: number,
  elementBytes: number,
  kept: number,
  seed: number,
): Uint8Array {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(elements * elementBytes);
  for (let i = 0; i < elements; i++) {
    if (random() >= kept) continue;
    for (let b = 0; b < elementBytes; b++) bytes[i * elementBytes + b] = Math.floor(256 * random());
  }
  return bytes;
}

const DTYPES: readonly [string, number][] = [
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['F8_E4M3', 1],
  ['I64', 8],
  ['I8', 1],
  ['BOOL', 1],
  ['C64', 8],
];
const SHAPES: readonly (readonly number[])[] = [
  [1],
  [7],
  [16, 24],
  [13, 21],
  [5, 3, 3, 3],
  [400, 1],
  [1, 900],
];

async function packAndBack(
  t: TestContext,
  file: string,
): Promise<{ packed: string; back: string; result: Awaited<ReturnType<typeof packFile>> }> {
  const folder = await temporaryFolder(t);
  const packed = path.join(folder, 'packed.safetensors');
  const back = path.join(folder, 'back.safetensors');
  const result = await packFile(file, packed, unattended);
  await unpackFile(packed, back, unattended);
  return { packed, back, result };
}

for (const [dtype, elementBytes] of DTYPES) {
  test(`${dtype} tensors of every shape come back byte for byte`, async (t) => {
    const folder = await temporaryFolder(t);
    const tensors = Object.fromEntries(
      SHAPES.flatMap((shape, i) =>
        [0, 0.1, 0.5, 1].map((kept): readonly [string, Made] => {
          const count = shape.reduce((product, size) => product * size, 1);
          const data = sparseBytes(count, elementBytes, kept, 31 * i + 100 * kept);
          return [`t${i} "${kept}"`, { dtype, shape, data }];
        }),
      ),
    );
    const file = await made(folder, tensors, { format: 'pt', é: '\u2028' });
    const { packed, back, result } = await packAndBack(t, file);
    assert.ok((await readFile(back)).equals(await readFile(file)));
    const own = await readFile(packed);
    assert.equal(own.length, result.bytesAfter);
    assert.equal(own.readBigUInt64LE(0) % 8n, 0n);
  });
}

test('every fixture comes back byte for byte', async (t) => {
  const names = await readdir(fixturePath('safetensors'));
  for (const name of names.filter((one) => one.endsWith('.safetensors'))) {
    const file = fixturePath(`safetensors/${name}`);
    const { back } = await packAndBack(t, file);
    assert.ok((await readFile(back)).equals(await readFile(file)), name);
  }
});

test('a negative zero and NaN are kept with their bits', async (t) => {
  const folder = await temporaryFolder(t);
  const words = new Uint32Array(256);
  words.set([0x80000000, 0x7fc00001, 0xff800000, 1]);
  const data = new Uint8Array(words.buffer);
  const file = await made(folder, { w: { dtype: 'F32', shape: [16, 16], data } });
  const { back, result } = await packAndBack(t, file);
  assert.equal(result.tensors[0]?.kept, 4);
  assert.ok((await readFile(back)).equals(await readFile(file)));
});

test('the parts of a matrix are those of the sparse-bitmask layout', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(13 * 21, 4, 0.2, 5);
  const words = new Uint32Array(data.buffer);
  const file = await made(folder, { w: { dtype: 'F32', shape: [13, 21], data } });
  const { packed } = await packAndBack(t, file);
  const bytes = await readFile(packed);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, start).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const part = (name: string): Buffer => {
    const [begin, end] = header[`w.${name}`]!.data_offsets;
    return bytes.subarray(start + begin, start + end);
  };
  const kept = words.filter((word) => word !== 0);
  assert.deepEqual(new Uint8Array(part('compressed')), new Uint8Array(kept.buffer));
  assert.deepEqual(header['w.bitmask']!.shape, [13, 3]);
  let before = 0;
  for (let row = 0; row < 13; row++) {
    assert.equal(Number(part('row_offsets').readBigInt64LE(8 * row)), before);
    for (let column = 0; column < 21; column++) {
      const bit = (part('bitmask')[3 * row + (column >> 3)]! >> (column & 7)) & 1;
      assert.equal(bit, words[21 * row + column] === 0 ? 0 : 1);
      before += bit;
    }
  }
  assert.equal(part('shape').readBigInt64LE(0), 13n);
  assert.equal(part('shape').readBigInt64LE(8), 21n);
  // What is packed is smaller, by exactly what the result says.
  assert.equal(
    part('compressed').length + part('bitmask').length + part('row_offsets').length + 16,
    4 * kept.length + 39 + 104 + 16,
  );
});

test('a tensor that would not become smaller stays as it is, with the figures', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(4096, 4, 0.99, 3);
  const file = await made(folder, { w: { dtype: 'F32', shape: [64, 64], data } });
  const { result } = await packAndBack(t, file);
  const [tensor] = result.tensors;
  assert.match(tensor!.leftBecause ?? '', /would take \d+ bytes instead of 16384/);
  assert.equal(tensor!.bytesAfter, 16384);
});

test('a packed file opens with its tensors dense, and any part of them can be read', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(300 * 70, 4, 0.1, 9);
  const file = await made(folder, { w: { dtype: 'F32', shape: [300, 70], data } });
  const { packed } = await packAndBack(t, file);
  const { model } = await openForTest(t, packed);
  const original = (await openForTest(t, file)).model;
  assert.deepEqual(model.tensors[0]!.shape, [300, 70]);
  assert.deepEqual(
    await readTensorValues(model, model.tensors[0]!),
    await readTensorValues(original, original.tensors[0]!),
  );
  const random = seededRandom(4);
  for (let round = 0; round < 100; round++) {
    const begin = Math.floor(random() * 84000);
    const target = new Uint8Array(Math.floor(random() * (84000 - begin)));
    const { byteOffset } = model.tensors[0]!.spans[0]!;
    await model.files[1]!.readInto(byteOffset + begin, target);
    assert.deepEqual(target, data.slice(begin, begin + target.length));
  }
});

test('what is packed is not packed again, and what is not is not unpacked', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(4096, 4, 0.1, 3);
  const file = await made(folder, { w: { dtype: 'F32', shape: [64, 64], data } });
  const { packed } = await packAndBack(t, file);
  const other = path.join(folder, 'other.safetensors');
  await assert.rejects(packFile(packed, other, unattended), UnsupportedError);
  await assert.rejects(unpackFile(file, other, unattended), UnsupportedError);
});

test('a packed file that contradicts itself is a FormatError, whichever byte is changed', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(24 * 13, 4, 0.2, 8).fill(255, 0, 4);
  const file = await made(folder, { w: { dtype: 'F32', shape: [24, 13], data } });
  const { packed } = await packAndBack(t, file);
  const bytes = await readFile(packed);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, start).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  for (const part of ['bitmask', 'row_offsets', 'shape']) {
    const [begin, end] = header[`w.${part}`]!.data_offsets;
    for (let at = start + begin; at < start + end; at++) {
      const broken = Buffer.from(bytes);
      broken[at]! ^= 1;
      const mutant = path.join(folder, 'mutant.safetensors');
      await writeFile(mutant, broken);
      await assert.rejects(
        unpackFile(mutant, path.join(folder, 'x.safetensors'), unattended),
        (error) => {
          assert.ok(error instanceof FormatError, `${part} at ${at}: ${String(error)}`);
          return true;
        },
      );
    }
  }
});

test('a packed file cut short anywhere is a FormatError', async (t) => {
  const folder = await temporaryFolder(t);
  const data = sparseBytes(256, 4, 0.1, 8);
  const file = await made(folder, { w: { dtype: 'F32', shape: [16, 16], data } });
  const { packed } = await packAndBack(t, file);
  const bytes = await readFile(packed);
  for (let length = 0; length < bytes.length; length++) {
    const cut = path.join(folder, 'cut.safetensors');
    await writeFile(cut, bytes.subarray(0, length));
    await assert.rejects(openModelFile(cut), FormatError);
  }
});
