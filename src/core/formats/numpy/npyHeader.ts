/** An element type as NumPy says it: byte order, kind and bytes. Source: numpy.dtype.str. */
export type NpyDescr = `${'<' | '>' | '|'}${'f' | 'i' | 'u' | 'b' | 'c' | 'S'}${number}`;

/** Bytes of one element. */
export function descrBytes(descr: NpyDescr): number {
  return Number(descr.slice(2));
}

/**
 * The bytes before the values of a .npy file: magic, version 1.0, and a dictionary padded so that the values
 * begin at a multiple of 64. Source: NEP 1.
 */
export function encodeNpyHeader(
  shape: readonly number[],
  descr: NpyDescr,
): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const byteLength = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, byteLength - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(byteLength - 11)}\n`), 10);
  return bytes;
}
