import { malformed } from './hdf5Error';

/** Control bytes below this begin a run of literals. */
const LITERAL_LIMIT = 32;
const MAX_OFFSET = 1 << 13;
const MAX_MATCH = 264;
const HASH_BITS = 14;

/**
 * Decodes LZF, which h5py brings along.
 * @throws FormatError when the stream does not give exactly `byteLength` bytes.
 * Source: LibLZF 3.6, the comment on its format in lzf_d.c.
 */
export function decodeLzf(
  bytes: Uint8Array,
  byteLength: number,
  place: string,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(byteLength);
  let from = 0;
  let to = 0;
  while (from < bytes.length) {
    const control = bytes[from++] ?? 0;
    if (control < LITERAL_LIMIT) {
      const run = control + 1;
      if (from + run > bytes.length || to + run > byteLength) throw broken(byteLength, place);
      result.set(bytes.subarray(from, from + run), to);
      from += run;
      to += run;
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += bytes[from++] ?? 0;
    const distance = ((control & 31) << 8) + (bytes[from++] ?? 0) + 1;
    length += 2;
    if (from > bytes.length || distance > to || to + length > byteLength) {
      throw broken(byteLength, place);
    }
    // Source and target may overlap, so that a short match repeats itself.
    for (let i = 0; i < length; i++, to++) result[to] = result[to - distance] ?? 0;
  }
  if (to !== byteLength) throw broken(byteLength, place);
  return result;
}

function broken(byteLength: number, place: string): Error {
  return malformed({
    place,
    found: 'a broken LZF stream',
    allowed: `a stream of ${byteLength} bytes`,
  });
}

/** Encodes LZF, greedily: the latest place with the same three bytes is taken where one is near. */
export function encodeLzf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length + Math.ceil(bytes.length / LITERAL_LIMIT) + 1);
  const latest = new Int32Array(1 << HASH_BITS).fill(-1);
  let to = 0;
  let literalStart = 0;
  const flush = (end: number): void => {
    for (let at = literalStart; at < end; at += LITERAL_LIMIT) {
      const run = Math.min(LITERAL_LIMIT, end - at);
      result[to++] = run - 1;
      result.set(bytes.subarray(at, at + run), to);
      to += run;
    }
  };
  let at = 0;
  while (at + 2 < bytes.length) {
    const hash = hashOf(bytes, at);
    const candidate = latest[hash] ?? -1;
    latest[hash] = at;
    const length = candidate < 0 || at - candidate > MAX_OFFSET ? 0 : matchOf(bytes, candidate, at);
    if (length < 3) {
      at++;
      continue;
    }
    flush(at);
    const distance = at - candidate - 1;
    const short = length - 2;
    result[to++] = (Math.min(short, 7) << 5) | (distance >> 8);
    if (short >= 7) result[to++] = short - 7;
    result[to++] = distance & 255;
    at += length;
    literalStart = at;
  }
  flush(bytes.length);
  return result.subarray(0, to);
}

function hashOf(bytes: Uint8Array, at: number): number {
  const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function matchOf(bytes: Uint8Array, candidate: number, at: number): number {
  const most = Math.min(MAX_MATCH, bytes.length - at);
  let length = 0;
  while (length < most && bytes[candidate + length] === bytes[at + length]) length++;
  return length;
}
