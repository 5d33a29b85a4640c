import type { FieldCursor } from './fieldCursor';
import type { MetadataReader } from './metadataReader';
import type { CheckedBlock } from './objectHeader';

/** One element of an array of chunks. */
export interface ArrayElement {
  readonly slot: number;
  readonly cursor: FieldCursor;
  /** What the element's checksum covers. */
  readonly block: CheckedBlock;
}

const CHECKSUM_BYTES = 4;
const PREFIX_BYTES = 6;

/**
 * The elements of a fixed array, page by page; pages that were never written are left out.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, section VI, "Fixed Array Index".
 */
export async function* readFixedArray(
  reader: MetadataReader,
  address: number,
  place: string,
): AsyncGenerator<ArrayElement, void, undefined> {
  const what = `fixed array of ${place}`;
  const { offsetBytes, lengthBytes } = reader.widths;
  const headerBytes = 8 + lengthBytes + offsetBytes + CHECKSUM_BYTES;
  const header = await reader.readChecked(address, headerBytes, what);
  header.signature('FAHD');
  header.version(0);
  header.skip(1);
  const elementBytes = header.u8();
  const pageBits = header.u8();
  const elementCount = header.length();
  const blockAddress = header.address();
  if (elementBytes < offsetBytes || pageBits > 32) {
    throw header.bad(`elements of ${elementBytes} bytes`, `at least ${offsetBytes}`);
  }
  if (blockAddress === null) return;
  const prefixBytes = PREFIX_BYTES + offsetBytes;
  const pageElements = 2 ** pageBits;
  if (elementCount <= pageElements) {
    const byteLength = prefixBytes + elementCount * elementBytes + CHECKSUM_BYTES;
    const cursor = await reader.readChecked(blockAddress, byteLength, what);
    cursor.signature('FADB');
    cursor.skip(prefixBytes - 4);
    yield* elementsOf(cursor, { first: 0, count: elementCount, elementBytes });
    return;
  }
  const pageCount = Math.ceil(elementCount / pageElements);
  const bitmapBytes = Math.ceil(pageCount / 8);
  const startBytes = prefixBytes + bitmapBytes + CHECKSUM_BYTES;
  const start = await reader.readChecked(blockAddress, startBytes, what);
  start.signature('FADB');
  start.skip(prefixBytes - 4);
  const written = start.take(bitmapBytes);
  const pageBytes = pageElements * elementBytes + CHECKSUM_BYTES;
  for (let page = 0; page < pageCount; page++) {
    if (!isSet(written, page)) continue;
    const first = page * pageElements;
    const count = Math.min(pageElements, elementCount - first);
    const byteLength = count * elementBytes + CHECKSUM_BYTES;
    const pageAddress = blockAddress + startBytes + page * pageBytes;
    const cursor = await reader.readChecked(pageAddress, byteLength, what);
    yield* elementsOf(cursor, { first, count, elementBytes });
  }
}

/** Bits are counted from the highest of each byte. */
export function isSet(bitmap: Uint8Array, index: number): boolean {
  return ((bitmap[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}

/** The elements that follow in a structure with a checksum. */
export function* elementsOf(
  cursor: FieldCursor,
  run: { readonly first: number; readonly count: number; readonly elementBytes: number },
): Generator<ArrayElement, void, undefined> {
  const block = { byteOffset: cursor.where.byteOffset, byteLength: cursor.bytes.length };
  for (let i = 0; i < run.count; i++) {
    yield { slot: run.first + i, cursor: cursor.section(run.elementBytes), block };
  }
}
