// Bytes written as text: one character from U+0000 to U+00FF each, in UTF-8. Weights are as good as random,
// so that a branch on each byte would be mispredicted half of the time: tables are used instead.

const IS_LEAD = 1;
const IS_CONTINUATION = 2;
const IS_WRONG = 4;

/** What a byte of text is. */
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x80) return 0;
  if (byte < 0xc0) return IS_CONTINUATION;
  return byte === 0xc2 || byte === 0xc3 ? IS_LEAD : IS_LEAD | IS_WRONG;
});
/** The bits of a character that a byte carries, and those that it hands on to the next. */
const OWN_BITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x80) return byte;
  return byte < 0xc0 ? byte & 0x3f : 0;
});
const NEXT_BITS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0xc0 ? 0 : (byte & 3) << 6,
);

/**
 * Decodes whole characters; those outside `target` are only counted.
 * @param at where the first goes in `target`, which may be before its start
 * @returns how many there are; -1 when one is above U+00FF or is no UTF-8.
 */
export function decodeLatin1(text: Uint8Array, target: Uint8Array, at: number): number {
  let place = at;
  let carried = 0;
  let afterLead = 0;
  let wrong = 0;
  // A lead writes nothing that stays: its continuation takes the same place. Writes beyond either end of a
  // typed array do nothing.
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    const kind = CLASS[byte];
    target[place] = OWN_BITS[byte] | carried;
    wrong |= (kind & IS_WRONG) | (((kind >> 1) & 1) ^ afterLead);
    carried = NEXT_BITS[byte];
    afterLead = kind & IS_LEAD;
    place += 1 - afterLead;
  }
  return wrong !== 0 || afterLead !== 0 ? -1 : place - at;
}

/** The first byte of the text of a byte. */
const FIRST = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? byte : 0xc0 | (byte >> 6),
);

/**
 * The text of bytes.
 * @returns how many bytes of `target` it takes, which has room for two for each byte.
 */
export function encodeLatin1(bytes: Uint8Array, target: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    target[at] = FIRST[byte];
    target[at + 1] = 0x80 | (byte & 0x3f);
    at += 1 + (byte >> 7);
  }
  return at;
}
