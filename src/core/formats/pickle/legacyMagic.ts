/** Protocol 2, LONG1 of ten bytes: 0x1950a86a20f9469cfc6c. Source: torch/serialization.py, MAGIC_NUMBER. */
const LEGACY_MAGIC = [
  ...[0x80, 0x02, 0x8a, 0x0a],
  ...[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
];

/** Whether a file begins as torch.save's legacy container does. */
export function startsLegacyPytorch(start: Uint8Array): boolean {
  return LEGACY_MAGIC.every((byte, i) => start[i] === byte);
}
