import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../../../src/core/errors';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { decodeImage } from '../../../../src/node/data/images/decodeImage';
import { fitImage } from '../../../../src/node/data/images/fitImage';
import { openModelFile } from '../../../../src/node/openModel';
import { compression } from '../../../../src/node/compression';
import { fixturePath, readFixture } from '../../../helpers/fixtures';
import { seededRandom } from '../../../helpers/random';

// expected.npz: tf.io.decode_jpeg (INTEGER_ACCURATE), what tf.io.encode_png was given, tf.io.decode_png
// of random interlaced files, and tf.image.resize (bilinear), TensorFlow 2.21.

for (const name of ['subsampled', 'full', 'progressive', 'grey']) {
  test(`decodes ${name}.jpg to the very pixels of TensorFlow`, async () => {
    await assertPixels(`${name}.jpg`, name);
  });
}

for (const name of ['Grey1', 'Grey2', 'Grey4', 'Palette2', 'Palette8']) {
  test(`decodes interlaced${name}.png as libpng does`, async () => {
    await assertPixels(`interlaced${name}.png`, `interlaced${name}`);
  });
}

for (const name of ['grey8', 'greyAlpha8', 'rgb8', 'rgba8', 'grey16', 'rgb16']) {
  test(`decodes ${name}.png to the pixels it was made of`, async () => {
    await assertPixels(`${name}.png`, name);
  });
}

test('decodes palettes, few bits and interlacing as another decoder does', async () => {
  const { decode } = await import('fast-png');
  const random = seededRandom(5);
  for (const [width, height] of [
    [1, 1],
    [3, 7],
    [17, 13],
  ] as const) {
    for (const interlaced of [false, true]) {
      for (const [colourType, depth, samples] of COLOURS) {
        // Where the other decoder fails; these are compared with libpng above.
        if (interlaced && depth < 8) continue;
        const bytes = randomPng({ width, height, colourType, depth, samples, interlaced }, random);
        const ours = await decodeImage(bytes, 'random.png');
        const theirs = decode(bytes, { checkCrc: true });
        const numbers = unpack(theirs.data, theirs.depth, width);
        const wanted =
          theirs.palette === undefined
            ? spread(numbers, theirs.depth)
            : numbers.flatMap((index) => theirs.palette?.[index]?.slice(0, 3) ?? []);
        assert.deepEqual([...ours.samples], wanted, `${colourType} ${depth} ${interlaced}`);
      }
    }
  }
});

for (const [name, height, width, antialias] of [
  ['smaller', 13, 17, false],
  ['smallerAntialiased', 13, 17, true],
  ['larger', 50, 60, false],
  ['mixed', 60, 11, true],
] as const) {
  test(`resizes as TensorFlow does: ${name}`, async () => {
    const image = await decodeImage(await readFixture('images/rgb8.png'), 'rgb8.png');
    const target = { height, width, channels: 3, resize: 'stretch', antialias } as const;
    const resized = fitImage(image, target);
    const expected = await expectedValues(`resize_${name}`);
    assert.equal(resized.length, expected.length);
    const worst = resized.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
      0,
    );
    assert.ok(worst < 1e-3, String(worst));
  });
}

test('crops the middle and keeps the proportions', () => {
  const samples = Uint8Array.from({ length: 4 * 8 }, (_, i) => i % 8);
  const image = { width: 8, height: 4, channels: 1, samples } as const;
  const target = { height: 4, width: 4, channels: 1, resize: 'crop', antialias: false } as const;
  assert.deepEqual([...fitImage(image, target)].slice(0, 4), [2, 3, 4, 5]);
});

test('makes grey of colours as Pillow does, and brings 16 bits to the scale of 8', () => {
  const target = { height: 1, width: 2, channels: 1, resize: 'stretch', antialias: false } as const;
  const samples = Uint8Array.of(255, 0, 0, 10, 200, 30);
  const grey = fitImage({ width: 2, height: 1, channels: 3, samples }, target);
  // PIL.Image.convert('L') of these colours.
  assert.deepEqual([...grey], [76, 124]);
  const deep = Uint16Array.of(65535, 257);
  assert.deepEqual(
    [...fitImage({ width: 2, height: 1, channels: 1, samples: deep }, target)],
    [255, 1],
  );
});

test('a picture cut off anywhere, or with a byte changed, is an error of the format', async () => {
  const random = seededRandom(9);
  for (const name of ['grey8.png', 'rgb16.png', 'grey.jpg', 'progressive.jpg']) {
    const bytes = await readFixture('images', name);
    for (let step = 0; step < 60; step++) {
      const cut = Uint8Array.from(bytes.subarray(0, Math.floor(random() * bytes.length)));
      await assertRefusedOrDecoded(cut);
      const changed = Uint8Array.from(bytes);
      changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
      await assertRefusedOrDecoded(changed);
    }
  }
});

test('takes no memory for a picture that claims more than it holds', async () => {
  const png = makePng({ width: 16000, height: 16000, colourType: 6, depth: 16 }, Buffer.alloc(10));
  await assert.rejects(decodeImage(png, 'bomb.png'), /bomb\.png.*inflated bytes.*allowed/);
  const wide = makePng({ width: 2 ** 31 - 1, height: 2, colourType: 0, depth: 8 }, Buffer.alloc(1));
  await assert.rejects(decodeImage(wide, 'wide.png'), /wide\.png.*2147483647 x 2 pixels; allowed/);
  const small = makePng(
    { width: 1, height: 1, colourType: 0, depth: 8 },
    Buffer.alloc(64 * 1024 ** 2),
  );
  await assert.rejects(decodeImage(small, 'small.png'), FormatError);
  const jpeg = Uint8Array.from(await readFixture('images/grey.jpg'));
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  jpeg.fill(0xff, frame + 5, frame + 9);
  await assert.rejects(decodeImage(jpeg, 'bomb.jpg'), /bomb\.jpg.*65535 x 65535 pixels; allowed/);
});

const COLOURS = [
  [0, 1, 1],
  [0, 2, 1],
  [0, 4, 1],
  [0, 8, 1],
  [0, 16, 1],
  [2, 8, 3],
  [2, 16, 3],
  [3, 1, 1],
  [3, 2, 1],
  [3, 4, 1],
  [3, 8, 1],
  [4, 8, 2],
  [6, 16, 4],
] as const;

interface PngKind {
  readonly width: number;
  readonly height: number;
  readonly colourType: number;
  readonly depth: number;
}

/** The rows of random pixels with random filters, of one pass or Adam7's seven. */
function randomPng(
  kind: PngKind & { readonly samples: number; readonly interlaced: boolean },
  random: () => number,
): Uint8Array {
  const { width, height, depth, samples, interlaced } = kind;
  const rows: number[] = [];
  const starts = interlaced
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
      ]
    : [[0, 0, 1, 1]];
  for (const [x = 0, y = 0, dx = 1, dy = 1] of starts) {
    const columns = Math.max(0, Math.ceil((width - x) / dx));
    const lines = columns === 0 ? 0 : Math.max(0, Math.ceil((height - y) / dy));
    for (let line = 0; line < lines; line++) {
      rows.push(Math.floor(random() * 5));
      const bytes = Math.ceil((columns * samples * depth) / 8);
      for (let i = 0; i < bytes; i++) rows.push(Math.floor(random() * 256));
    }
  }
  // A palette of all numbers that eight bits can say.
  const palette = Uint8Array.from(
    { length: 3 * 2 ** Math.min(8, depth) },
    (_, i) => (i * 37) % 256,
  );
  return makePng(kind, Uint8Array.from(rows), interlaced, kind.colourType === 3 ? palette : null);
}

function makePng(
  { width, height, colourType, depth }: PngKind,
  raw: Uint8Array,
  interlaced = false,
  palette: Uint8Array | null = null,
): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, colourType, 0, 0, Number(interlaced)], 8);
  return new Uint8Array(
    Buffer.concat([
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      chunk('IHDR', head),
      ...(palette === null ? [] : [chunk('PLTE', palette)]),
      chunk('IDAT', deflateSync(raw)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(compression.crc32(typed), typed.length + 4);
  return framed;
}

/** The other decoder leaves samples of few bits packed, each row in whole bytes. */
function unpack(data: ArrayLike<number>, depth: number, width: number): number[] {
  if (depth >= 8) return Array.from(data);
  const rowBytes = Math.ceil((width * depth) / 8);
  return Array.from({ length: data.length / rowBytes }, (_, row) =>
    Array.from({ length: width }, (__, x) => {
      const byte = data[row * rowBytes + Math.floor((x * depth) / 8)] ?? 0;
      return (byte >> (8 - depth - ((x * depth) % 8))) & (2 ** depth - 1);
    }),
  ).flat();
}

/** Grey of few bits over the full scale. */
function spread(data: ArrayLike<number>, depth: number): number[] {
  const factor = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  return Array.from(data, (value) => value * factor);
}

async function assertPixels(file: string, name: string): Promise<void> {
  const image = await decodeImage(await readFixture('images', file), file);
  assert.deepEqual([...image.samples], [...(await expectedValues(name))]);
}

async function expectedValues(name: string): Promise<ArrayLike<number> & Iterable<number>> {
  const opened = await openModelFile(fixturePath('images/expected.npz'));
  try {
    const tensor = opened.model.tensors.find((candidate) => candidate.name === name);
    assert.ok(tensor !== undefined, name);
    return await readTensorValues(opened.model, tensor);
  } finally {
    await opened.close();
  }
}

async function assertRefusedOrDecoded(bytes: Uint8Array): Promise<void> {
  try {
    const { width, height, channels, samples } = await decodeImage(bytes, 'mutant');
    assert.equal(samples.length, width * height * channels);
  } catch (error) {
    const isKnown = error instanceof FormatError || error instanceof UnsupportedError;
    assert.ok(isKnown, String(error));
  }
}
