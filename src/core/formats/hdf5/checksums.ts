/**
 * Jenkins' lookup3 hash of HDF5's own structures, with the initial value 0.
 * Source: B. Jenkins, lookup3.c, hashlittle(); HDF5 File Format Specification 3.0, "Checksum".
 */
export function lookup3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + view.getInt32(at, true)) | 0;
    b = (b + view.getInt32(at + 4, true)) | 0;
    c = (c + view.getInt32(at + 8, true)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (at === bytes.length) return c >>> 0;
  a = (a + wordAt(bytes, at)) | 0;
  b = (b + wordAt(bytes, at + 4)) | 0;
  c = (c + wordAt(bytes, at + 8)) | 0;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  c = (c ^ b) - rotate(b, 24);
  return c >>> 0;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The little-endian word at an offset; bytes beyond the end count as zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word |= (bytes[at + i] ?? 0) << (8 * i);
  return word;
}

/** Sums below 2^32 need no reduction for this many words. */
const FLETCHER_BLOCK_WORDS = 360;

/**
 * Fletcher's checksum of a filtered chunk, over big-endian words of 16 bits.
 * Source: HDF5 File Format Specification 3.0, filter 3; J. G. Fletcher, IEEE Trans. Comm. 30 (1982).
 */
export function fletcher32(bytes: Uint8Array): number {
  let first = 0;
  let second = 0;
  const even = bytes.length - (bytes.length % 2);
  for (let start = 0; start < even; start += 2 * FLETCHER_BLOCK_WORDS) {
    const end = Math.min(even, start + 2 * FLETCHER_BLOCK_WORDS);
    for (let i = start; i < end; i += 2) {
      first += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
      second += first;
    }
    first = fold(first);
    second = fold(second);
  }
  if (even < bytes.length) {
    first += (bytes[even] ?? 0) << 8;
    second = fold(second + first);
    first = fold(first);
  }
  return ((fold(second) << 16) | fold(first)) >>> 0;
}

function fold(sum: number): number {
  return (sum & 0xffff) + Math.floor(sum / 0x10000);
}
