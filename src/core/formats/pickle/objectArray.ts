import { type ByteSource, readBytes } from '../../io';
import { MAX_NPY_HEADER_BYTES } from '../../limits';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const PREFIX_BYTES = 12;

/** Whether a file begins as a .npy array does. */
export function startsNpy(start: Uint8Array): boolean {
  return MAGIC.every((byte, i) => start[i] === byte);
}

/**
 * Where the pickle of a .npy array of Python objects begins; null for other arrays, and for headers that
 * are none. Looser than the reader: any mention of the type `O` counts.
 * Source: numpy.lib.format.
 */
export async function objectArrayOffset(source: ByteSource): Promise<number | null> {
  if (source.byteLength < PREFIX_BYTES) return null;
  const prefix = await readBytes(source, 0, PREFIX_BYTES);
  if (!startsNpy(prefix)) return null;
  const view = new DataView(prefix.buffer);
  const isFirst = prefix[6] === 1;
  const start = isFirst ? 10 : PREFIX_BYTES;
  const length = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_NPY_HEADER_BYTES || start + length > source.byteLength) return null;
  const header = new TextDecoder().decode(await readBytes(source, start, length));
  return /['"][|<>=]?O\d*['"]/.test(header) ? start + length : null;
}
