/** Four tables of the reflected polynomial 0xEDB88320, so that four bytes are folded a step. */
const TABLES = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
    tables[byte] = remainder;
  }
  for (let slice = 1; slice < 4; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const previous = tables[(slice - 1) * 256 + byte];
      tables[slice * 256 + byte] = (previous >>> 8) ^ tables[previous & 0xff];
    }
  }
  return tables;
}

/**
 * The CRC-32 of ISO 3309, as zip uses it, of bytes that follow those whose CRC is `crc` (0 at the start).
 * Source: PKWARE APPNOTE 4.4.7; slicing after Kounavis and Berry, 2005.
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const tables = TABLES;
  let remainder = ~crc >>> 0;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    remainder ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    remainder =
      tables[768 + (remainder & 0xff)] ^
      tables[512 + ((remainder >>> 8) & 0xff)] ^
      tables[256 + ((remainder >>> 16) & 0xff)] ^
      tables[remainder >>> 24];
  }
  for (; i < bytes.length; i++) {
    remainder = (remainder >>> 8) ^ tables[(remainder ^ bytes[i]) & 0xff];
  }
  return ~remainder >>> 0;
}
