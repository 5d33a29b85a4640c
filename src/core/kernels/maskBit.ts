/**
 * Whether a weight goes.
 * @param mask one bit a weight in C order, the lowest of a byte first; what lies beyond it stays
 */
export function maskBit(mask: Uint8Array, index: number): boolean {
  return ((mask[Math.floor(index / 8)] >>> (index % 8)) & 1) === 1;
}
