/**
 * Where each varint of a run ends.
 * @returns the index after the `count`-th varint from `start` on, or the end of the last whole one.
 */
export function skipVarints(bytes: Uint8Array, start: number, count: number): number {
  let end = start;
  let left = count;
  for (let i = start; i < bytes.length && left > 0; i++) {
    if (bytes[i] < 0x80) {
      end = i + 1;
      left--;
    }
  }
  return end;
}

/**
 * Decodes varints into the lowest bytes of each number, little-endian.
 * @param numberBytes 1, 2, 4 or 8
 * @param target a whole number of numbers; decoding ends when it is full
 * @returns bytes of `target` that were filled
 */
export function decodeVarints(bytes: Uint8Array, numberBytes: number, target: Uint8Array): number {
  let at = 0;
  let i = 0;
  while (i < bytes.length && at < target.length) {
    let low = 0;
    let high = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[i++];
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift > 25) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      shift += 7;
    } while (byte >= 0x80 && i < bytes.length);
    for (let b = 0; b < numberBytes; b++) {
      target[at++] = b < 4 ? low >>> (8 * b) : high >>> (8 * (b - 4));
    }
  }
  return at;
}

/**
 * Puts new numbers in the place of varints, each in as many bytes as the old one had (padded with empty
 * groups); numbers that did not change keep their bytes.
 * @param numbers as {@link decodeVarints} gives them, one for each varint of `bytes`
 * @returns the index of the first number that does not fit into its place, or -1
 */
export function replaceVarintsInPlace(
  bytes: Uint8Array,
  numberBytes: number,
  numbers: Uint8Array,
): number {
  const old = new Uint8Array(numbers.length);
  decodeVarints(bytes, numberBytes, old);
  let i = 0;
  for (let at = 0; at < numbers.length; at += numberBytes) {
    const start = i;
    while (bytes[i] >= 0x80) i++;
    i++;
    if (isEqual(old, numbers, at, numberBytes)) continue;
    if (!writePadded(bytes, start, i, numbers.subarray(at, at + numberBytes))) {
      return at / numberBytes;
    }
  }
  return -1;
}

function isEqual(a: Uint8Array, b: Uint8Array, at: number, byteLength: number): boolean {
  for (let i = at; i < at + byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether the number fitted between `start` and `end`. */
function writePadded(bytes: Uint8Array, start: number, end: number, number: Uint8Array): boolean {
  const bitCount = number.length * 8;
  for (let i = start, bit = 0; i < end; i++, bit += 7) {
    let group = 0;
    for (let b = bit; b < Math.min(bit + 7, bitCount); b++) {
      group |= ((number[b >> 3] >> (b & 7)) & 1) << (b - bit);
    }
    bytes[i] = group | (i < end - 1 ? 0x80 : 0);
  }
  for (let b = (end - start) * 7; b < bitCount; b++) {
    if (((number[b >> 3] >> (b & 7)) & 1) === 1) return false;
  }
  return true;
}
