import { inflateSync } from 'node:zlib';
import { FormatError } from '../../../core/errors';
import { compression } from '../../compression';
import { MAX_IMAGE_PIXELS } from '../limits';
import type { DecodedImage } from './decodeImage';
import { ADAM7_PASSES, type PngPass, passSize, WHOLE_IMAGE } from './pngPasses';
import { unfilterRows } from './pngFilters';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const GREY = 0;
const RGB = 2;
const PALETTE = 3;
const GREY_ALPHA = 4;
const RGBA = 6;

/** Samples a pixel, and the bit depths that a colour type allows. */
const COLOUR_TYPES: ReadonlyMap<
  number,
  { readonly samples: 1 | 2 | 3 | 4; readonly depths: readonly number[] }
> = new Map([
  [GREY, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [RGB, { samples: 3, depths: [8, 16] }],
  [PALETTE, { samples: 1, depths: [1, 2, 4, 8] }],
  [GREY_ALPHA, { samples: 2, depths: [8, 16] }],
  [RGBA, { samples: 4, depths: [8, 16] }],
]);

interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly samples: 1 | 2 | 3 | 4;
  readonly interlaced: boolean;
}

/**
 * Decodes a PNG of any colour type, depth and interlacing. Transparency by a single colour is left out, as
 * most readers of training data do; a palette becomes RGB.
 * Source: Portable Network Graphics (PNG) Specification, W3C, third edition.
 * @throws FormatError with the byte where a chunk is broken, or the picture is too large.
 */
export function decodePng(bytes: Uint8Array, place: string): DecodedImage {
  const reader = new PngReader(bytes, place);
  const head = reader.readHead();
  const { palette, data } = reader.readBody();
  const raw = inflate(data, head, place);
  const samples = readSamples(raw, head, place);
  if (head.colourType !== PALETTE) {
    const { width, height, samples: channels } = head;
    return { width, height, channels, samples };
  }
  return applyPalette(samples, palette, { head, place });
}

/** Walks the chunks and checks their checksums. */
class PngReader {
  private at = SIGNATURE.length;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly place: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) {
      throw broken(place, 'another signature', 'that of PNG', 0);
    }
  }

  readHead(): PngHead {
    const { type, data } = this.next();
    if (type !== 'IHDR' || data.length !== 13) {
      throw broken(this.place, `a chunk ${type} of ${data.length} bytes`, 'IHDR of 13', 8);
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const [width, height] = [view.getUint32(0), view.getUint32(4)];
    const [depth = 0, colourType = 0, method = 0, filter = 0, interlace = 0] = data.subarray(8);
    const kind = COLOUR_TYPES.get(colourType);
    if (kind?.depths.includes(depth) !== true || method + filter > 0 || interlace > 1) {
      const found = `colour type ${colourType}, depth ${depth}, methods ${method}, ${filter}, ${interlace}`;
      throw broken(this.place, found, 'a combination that PNG has', 16);
    }
    if (width === 0 || height === 0 || width * height > MAX_IMAGE_PIXELS) {
      const allowed = `at least one pixel, at most ${MAX_IMAGE_PIXELS}`;
      throw broken(this.place, `${width} x ${height} pixels`, allowed, 16);
    }
    const { samples } = kind;
    return { width, height, depth, colourType, samples, interlaced: interlace === 1 };
  }

  readBody(): { readonly palette: Uint8Array; readonly data: Uint8Array } {
    let palette = new Uint8Array(0);
    const data: Uint8Array[] = [];
    for (;;) {
      const chunk = this.next();
      if (chunk.type === 'IEND') return { palette, data: Buffer.concat(data) };
      if (chunk.type === 'PLTE') palette = new Uint8Array(chunk.data);
      else if (chunk.type === 'IDAT') data.push(chunk.data);
    }
  }

  private next(): { readonly type: string; readonly data: Uint8Array } {
    const start = this.at;
    const left = this.bytes.length - start;
    const length = left < 12 ? 0 : this.view.getUint32(start);
    if (left < 12 || length > left - 12) {
      throw broken(this.place, `${left} bytes left`, 'a whole chunk', start);
    }
    const typed = this.bytes.subarray(start + 4, start + 8 + length);
    if (compression.crc32(typed) !== this.view.getUint32(start + 8 + length)) {
      throw broken(this.place, 'a chunk with another checksum', 'its own', start);
    }
    this.at = start + 12 + length;
    return { type: Buffer.from(typed.subarray(0, 4)).toString('latin1'), data: typed.subarray(4) };
  }
}

/** Rows with their filter bytes, of all passes. Inflates to exactly what the head asks for. */
function inflate(data: Uint8Array, head: PngHead, place: string): Uint8Array {
  const expected = passesOf(head).reduce((sum, pass) => sum + passBytes(head, pass), 0);
  const raw = inflateWithin(data, expected, place);
  if (raw.length >= expected) return raw;
  throw broken(place, `${raw.length} inflated bytes`, `${expected} for its size`);
}

function inflateWithin(data: Uint8Array, expected: number, place: string): Uint8Array {
  try {
    // Decoders leave a few bytes behind the last row alone.
    return inflateSync(data, { maxOutputLength: expected + 1024 });
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw broken(place, found, `a zlib stream of ${expected} bytes`);
  }
}

function passesOf({ interlaced }: PngHead): readonly PngPass[] {
  return interlaced ? ADAM7_PASSES : [WHOLE_IMAGE];
}

function rowBytesOf({ depth, samples }: PngHead, width: number): number {
  return Math.ceil((width * samples * depth) / 8);
}

function passBytes(head: PngHead, pass: PngPass): number {
  const { width, height } = passSize(pass, head);
  return width === 0 ? 0 : height * (1 + rowBytesOf(head, width));
}

/** Undoes the filters of each pass and puts its samples in their places. */
function readSamples(raw: Uint8Array, head: PngHead, place: string): DecodedImage['samples'] {
  const { width, height, depth, samples } = head;
  const count = width * height * samples;
  const target = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const pixelBytes = Math.max(1, (samples * depth) / 8);
  let offset = 0;
  for (const pass of passesOf(head)) {
    const size = passSize(pass, head);
    const rowBytes = rowBytesOf(head, size.width);
    if (size.width === 0) continue;
    const filter = unfilterRows(raw.subarray(offset), { rows: size.height, rowBytes, pixelBytes });
    if (filter !== null) throw broken(place, `filter ${filter}`, 'filters 0 to 4');
    for (let y = 0; y < size.height; y++) {
      const start = offset + y * (rowBytes + 1) + 1;
      const row = raw.subarray(start, start + rowBytes);
      placeRow(row, target, { head, pass, y, columns: size.width });
    }
    offset += size.height * (rowBytes + 1);
  }
  return target;
}

function placeRow(
  row: Uint8Array,
  target: Uint8Array | Uint16Array,
  at: {
    readonly head: PngHead;
    readonly pass: PngPass;
    readonly y: number;
    readonly columns: number;
  },
): void {
  const { head, pass, y, columns } = at;
  const { width, samples, depth, colourType } = head;
  const line = (pass.firstRow + y * pass.rowStep) * width;
  // Grey of few bits is spread over the full scale; numbers of a palette stay.
  const spread = depth < 8 && colourType !== PALETTE ? 255 / (2 ** depth - 1) : 1;
  for (let x = 0; x < columns; x++) {
    const pixel = (line + pass.firstColumn + x * pass.columnStep) * samples;
    for (let s = 0; s < samples; s++) {
      target[pixel + s] = sampleAt(row, x * samples + s, depth) * spread;
    }
  }
}

function sampleAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[index] ?? 0;
  if (depth === 16) return (row[2 * index] ?? 0) * 256 + (row[2 * index + 1] ?? 0);
  const bit = index * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

function applyPalette(
  numbers: DecodedImage['samples'],
  palette: Uint8Array,
  { head, place }: { readonly head: PngHead; readonly place: string },
): DecodedImage {
  const samples = new Uint8Array(numbers.length * 3);
  const colours = palette.length / 3;
  for (const [i, number] of numbers.entries()) {
    if (number >= colours) {
      throw broken(place, `colour ${number}`, `the ${Math.floor(colours)} of its palette`);
    }
    samples.set(palette.subarray(number * 3, number * 3 + 3), i * 3);
  }
  return { width: head.width, height: head.height, channels: 3, samples };
}

function broken(place: string, found: string, allowed: string, byteOffset?: number): FormatError {
  const at = byteOffset === undefined ? {} : { byteOffset };
  return new FormatError({ format: 'png', place, found, allowed, ...at });
}
