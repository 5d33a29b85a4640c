import type { FieldCursor } from './fieldCursor';
import { type ArrayElement, elementsOf, isSet } from './fixedArray';
import { unsupported } from './hdf5Error';
import type { MetadataReader } from './metadataReader';

const CHECKSUM_BYTES = 4;
const PREFIX_BYTES = 6;

interface ArrayHeader {
  readonly elementBytes: number;
  /** Bytes of an offset within the array. */
  readonly offsetBytes: number;
  readonly indexElements: number;
  readonly minElements: number;
  readonly minPointers: number;
  readonly pageElements: number;
  readonly superBlocks: number;
  /** Elements from here on were never set. */
  readonly usedElements: number;
  readonly indexAddress: number | null;
}

/** Data blocks of one size; those of higher levels are twice as large, or twice as many. */
interface Level {
  readonly blockCount: number;
  readonly blockElements: number;
  readonly firstElement: number;
}

/**
 * The elements of an extensible array: some in its index block, the rest in data blocks that the index block
 * or secondary blocks point to.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, section VI, "Extensible Array Index".
 */
export async function* readExtensibleArray(
  reader: MetadataReader,
  address: number,
  place: string,
): AsyncGenerator<ArrayElement, void, undefined> {
  const what = `extensible array of ${place}`;
  const header = await readHeader(reader, address, what);
  if (header.indexAddress === null) return;
  yield* new ArrayReader(reader, header, what).elements(header.indexAddress);
}

async function readHeader(
  reader: MetadataReader,
  address: number,
  place: string,
): Promise<ArrayHeader> {
  const { offsetBytes, lengthBytes } = reader.widths;
  const byteLength = 12 + 6 * lengthBytes + offsetBytes + CHECKSUM_BYTES;
  const cursor = await reader.readChecked(address, byteLength, place);
  cursor.signature('EAHD');
  cursor.version(0);
  cursor.skip(1);
  const elementBytes = cursor.u8();
  const maxBits = cursor.u8();
  const indexElements = cursor.u8();
  const minElements = cursor.u8();
  const minPointers = cursor.u8();
  const pageBits = cursor.u8();
  cursor.skip(4 * lengthBytes);
  const usedElements = cursor.length();
  cursor.skip(lengthBytes);
  const powers = isPower(minElements) && isPower(minPointers);
  const levels = 1 + maxBits - Math.log2(minElements);
  if (!powers || maxBits > 64 || pageBits > 32 || levels < 1 || elementBytes < offsetBytes) {
    throw cursor.bad(
      `blocks of ${minElements} elements of ${elementBytes} bytes, ${minPointers} pointers, ${maxBits} bits`,
      'powers of two, at most 64 bits',
    );
  }
  return {
    elementBytes,
    offsetBytes: Math.ceil(maxBits / 8),
    indexElements,
    minElements,
    minPointers,
    pageElements: 2 ** pageBits,
    superBlocks: levels,
    usedElements,
    indexAddress: cursor.address(),
  };
}

function isPower(size: number): boolean {
  return size > 0 && Number.isInteger(Math.log2(size));
}

class ArrayReader {
  constructor(
    private readonly reader: MetadataReader,
    private readonly header: ArrayHeader,
    private readonly place: string,
  ) {}

  async *elements(indexAddress: number): AsyncGenerator<ArrayElement, void, undefined> {
    const { header } = this;
    const { offsetBytes } = this.reader.widths;
    // As many levels as have their data blocks in the index block itself.
    const ownLevels = Math.min(header.superBlocks, 2 * Math.log2(header.minPointers));
    const blockCount = 2 * (header.minPointers - 1);
    const secondaryCount = header.superBlocks - ownLevels;
    const byteLength =
      PREFIX_BYTES +
      offsetBytes +
      header.indexElements * header.elementBytes +
      (blockCount + secondaryCount) * offsetBytes +
      CHECKSUM_BYTES;
    const cursor = await this.reader.readChecked(indexAddress, byteLength, this.place);
    cursor.signature('EAIB');
    cursor.skip(2 + offsetBytes);
    const own = { first: 0, count: header.indexElements, elementBytes: header.elementBytes };
    yield* elementsOf(cursor, own);
    for (const [index, level] of this.levels().entries()) {
      if (index < ownLevels) yield* this.directBlocks(cursor, level);
      else {
        const address = cursor.address();
        if (address !== null && level.firstElement < header.usedElements) {
          yield* this.secondaryBlock(address, level);
        }
      }
    }
  }

  private levels(): readonly Level[] {
    const levels: Level[] = [];
    let firstElement = this.header.indexElements;
    for (let index = 0; index < this.header.superBlocks; index++) {
      const blockCount = 2 ** Math.floor(index / 2);
      const blockElements = 2 ** Math.floor((index + 1) / 2) * this.header.minElements;
      levels.push({ blockCount, blockElements, firstElement });
      firstElement += blockCount * blockElements;
    }
    return levels;
  }

  private async *directBlocks(
    cursor: FieldCursor,
    level: Level,
  ): AsyncGenerator<ArrayElement, void, undefined> {
    for (let i = 0; i < level.blockCount; i++) {
      const address = cursor.address();
      if (address === null) continue;
      const first = level.firstElement + i * level.blockElements;
      yield* this.dataBlock(address, { first, count: level.blockElements, pageIsWritten: null });
    }
  }

  private async *secondaryBlock(
    address: number,
    level: Level,
  ): AsyncGenerator<ArrayElement, void, undefined> {
    const { offsetBytes } = this.reader.widths;
    const paged = level.blockElements > this.header.pageElements;
    const pages = level.blockElements / this.header.pageElements;
    const bitmapBytes = paged ? Math.ceil(pages / 8) : 0;
    const prefixBytes = PREFIX_BYTES + offsetBytes + this.header.offsetBytes;
    const byteLength =
      prefixBytes + level.blockCount * (bitmapBytes + offsetBytes) + CHECKSUM_BYTES;
    const cursor = await this.reader.readChecked(address, byteLength, this.place);
    cursor.signature('EASB');
    cursor.skip(prefixBytes - 4);
    const bitmaps = cursor.take(level.blockCount * bitmapBytes);
    for (let i = 0; i < level.blockCount; i++) {
      const blockAddress = cursor.address();
      if (blockAddress === null) continue;
      const first = level.firstElement + i * level.blockElements;
      // Each block has whole bytes, but the library counts the bits through all blocks without gaps.
      const pageIsWritten = paged ? (page: number) => isSet(bitmaps, i * pages + page) : null;
      yield* this.dataBlock(blockAddress, { first, count: level.blockElements, pageIsWritten });
    }
  }

  private async *dataBlock(
    address: number,
    run: {
      readonly first: number;
      readonly count: number;
      /** Null for blocks that are not cut into pages. */
      readonly pageIsWritten: ((page: number) => boolean) | null;
    },
  ): AsyncGenerator<ArrayElement, void, undefined> {
    const { elementBytes, pageElements } = this.header;
    const prefixBytes = PREFIX_BYTES + this.reader.widths.offsetBytes + this.header.offsetBytes;
    if (run.pageIsWritten === null) {
      if (run.count > pageElements) {
        throw unsupported(this.place, 'pages in the first data blocks', 'pages in later ones');
      }
      const byteLength = prefixBytes + run.count * elementBytes + CHECKSUM_BYTES;
      const cursor = await this.reader.readChecked(address, byteLength, this.place);
      cursor.signature('EADB');
      cursor.skip(prefixBytes - 4);
      yield* elementsOf(cursor, { ...run, elementBytes });
      return;
    }
    const start = await this.reader.readChecked(address, prefixBytes + CHECKSUM_BYTES, this.place);
    start.signature('EADB');
    const pageBytes = pageElements * elementBytes + CHECKSUM_BYTES;
    for (let page = 0; page * pageElements < run.count; page++) {
      if (!run.pageIsWritten(page)) continue;
      const pageAddress = address + prefixBytes + CHECKSUM_BYTES + page * pageBytes;
      const cursor = await this.reader.readChecked(pageAddress, pageBytes, this.place);
      const first = run.first + page * pageElements;
      yield* elementsOf(cursor, { first, count: pageElements, elementBytes });
    }
  }
}
