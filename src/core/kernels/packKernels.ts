/**
 * Marks the elements that are kept when zeros are left out: those with any bit set. So a negative zero and every
 * NaN is kept, and what is left out comes back bit by bit.
 * @param bytes whole elements, from the start of their buffer
 * @param elementBytes 1, 2, or a multiple of 4
 * @param flags gets 1 for each kept element and 0 for each other one
 * @returns how many are kept
 */
export function markKept(
  bytes: Uint8Array<ArrayBuffer>,
  elementBytes: number,
  flags: Uint8Array,
): number {
  const words = wordsOf(bytes, elementBytes);
  if (elementBytes <= 4) return markWords(words, flags);
  const perElement = elementBytes / 4;
  const count = words.length / perElement;
  let kept = 0;
  for (let i = 0, at = 0; i < count; i++) {
    let bits = 0;
    for (let word = 0; word < perElement; word++) bits |= words[at++];
    const flag = (bits | (~bits + 1)) >>> 31;
    flags[i] = flag;
    kept += flag;
  }
  return kept;
}

/** Without a branch, as which elements are zero cannot be foreseen: a number or its negative has the sign bit, but for 0. */
function markWords(words: Uint8Array | Uint16Array | Int32Array, flags: Uint8Array): number {
  let kept = 0;
  for (let i = 0; i < words.length; i++) {
    const bits = words[i];
    const flag = (bits | (~bits + 1)) >>> 31;
    flags[i] = flag;
    kept += flag;
  }
  return kept;
}

function wordsOf(
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
  elementBytes: number,
): Uint8Array | Uint16Array | Int32Array {
  if (elementBytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (elementBytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Moves the marked elements together. @returns the bytes that they fill of `target`. */
export function gatherKept(
  bytes: Uint8Array,
  elementBytes: number,
  flags: Uint8Array,
  target: Uint8Array,
): number {
  let filled = 0;
  for (let i = 0, at = 0; at < bytes.length; i++, at += elementBytes) {
    if (flags[i] === 0) continue;
    for (let byte = 0; byte < elementBytes; byte++) target[filled++] = bytes[at + byte];
  }
  return filled;
}

/** The way back of {@link gatherKept}: elements that are not marked become zero bytes. */
export function scatterKept(
  values: Uint8Array,
  elementBytes: number,
  flags: Uint8Array,
  target: Uint8Array,
): void {
  target.fill(0);
  let taken = 0;
  for (let i = 0, at = 0; at < target.length; i++, at += elementBytes) {
    if (flags[i] === 0) continue;
    for (let byte = 0; byte < elementBytes; byte++) target[at + byte] = values[taken++];
  }
}

/** Where in a matrix of bits the next one stands. */
export interface BitPlace {
  readonly columns: number;
  column: number;
  /** The bits of the byte that is not yet full. */
  bits: number;
}

/**
 * Appends bits to a matrix whose rows begin at bytes: bit j of a row is bit j % 8 of its byte floor(j / 8).
 * Changes `place`.
 * @returns the bytes written to `target`
 */
export function appendBits(
  flags: Uint8Array,
  count: number,
  place: BitPlace,
  target: Uint8Array,
): number {
  const { columns } = place;
  let { column, bits } = place;
  let written = 0;
  for (let i = 0; i < count; i++) {
    bits |= flags[i] << (column & 7);
    column++;
    if (column === columns || (column & 7) === 0) {
      target[written++] = bits;
      bits = 0;
      if (column === columns) column = 0;
    }
  }
  place.column = column;
  place.bits = bits;
  return written;
}

/**
 * Takes bits of such a matrix from `column` of a row on.
 * @param bytes from the byte on that holds the first bit
 * @returns whether all bits beyond the columns of rows that end here are zero
 */
export function takeBits(
  bytes: Uint8Array,
  place: { readonly column: number; readonly columns: number },
  flags: Uint8Array,
): boolean {
  const { columns } = place;
  let { column } = place;
  let at = 0;
  let clean = true;
  for (let i = 0; i < flags.length; i++) {
    flags[i] = (bytes[at] >> (column & 7)) & 1;
    column++;
    if (column === columns) {
      if ((columns & 7) !== 0 && bytes[at] >> (columns & 7) !== 0) clean = false;
      column = 0;
      at++;
    } else if ((column & 7) === 0) at++;
  }
  return clean;
}

/** The bits that are set in the first `bitCount` bits. */
export function countBits(bytes: Uint8Array, bitCount: number): number {
  let count = 0;
  const whole = bitCount >> 3;
  for (let i = 0; i < whole; i++) count += BITS_OF_BYTE[bytes[i]];
  const rest = bitCount & 7;
  return rest === 0 ? count : count + BITS_OF_BYTE[bytes[whole] & ((1 << rest) - 1)];
}

const BITS_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});
