/** 64 bits in groups of 7. */
export const MAX_VARINT_BYTES = 10;

/** Seven groups of 7 bits stay exact in a double. */
const EXACT_BYTES = 7;

/**
 * The value of a varint as a signed 64 bit number; exact up to 2^53.
 * @param byteAt the varint's bytes
 * @param byteLength at most 10
 */
export function varintValue(byteAt: (index: number) => number, byteLength: number): number {
  return byteLength <= EXACT_BYTES
    ? smallValue(byteAt, byteLength)
    : Number(varintBits(byteAt, byteLength));
}

function smallValue(byteAt: (index: number) => number, byteLength: number): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < byteLength; i++) {
    value += (byteAt(i) & 0x7f) * scale;
    scale *= 128;
  }
  return value;
}

/** As {@link varintValue}, exact for all 64 bits. */
export function varintBits(byteAt: (index: number) => number, byteLength: number): bigint {
  let bits = 0n;
  for (let i = 0; i < byteLength; i++) bits |= BigInt(byteAt(i) & 0x7f) << BigInt(7 * i);
  return BigInt.asIntN(64, bits);
}

/** Bytes of the shortest varint of a non-negative whole number. */
export function varintLength(value: number): number {
  let byteLength = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) byteLength++;
  return byteLength;
}

/**
 * A non-negative whole number as a varint, padded with empty groups to `byteLength`: readers take
 * it for the same number.
 */
export function encodeVarint(value: number, byteLength = varintLength(value)): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  let rest = value;
  for (let i = 0; i < byteLength; i++) {
    bytes[i] = (rest % 128) | (i < byteLength - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
  return bytes;
}
