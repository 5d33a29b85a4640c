import { FieldCursor } from './fieldCursor';
import { lookup3 } from './checksums';
import { malformed, unsupported } from './hdf5Error';
import type { MetadataReader } from './metadataReader';
import { readBtree2 } from './btree2';

const HEADER_START_BYTES = 9;

/** The doubling table of a heap: blocks in rows, each row's blocks twice as large as the row's before. */
interface DoublingTable {
  readonly width: number;
  readonly startBytes: number;
  readonly maxDirectBytes: number;
  readonly rootAddress: number | null;
  /** 0 where the root is a direct block. */
  readonly rootRows: number;
  readonly offsetBytes: number;
  readonly maxHeapBits: number;
}

interface HeapHeader {
  readonly address: number;
  readonly idBytes: number;
  readonly checkedBlocks: boolean;
  readonly lengthBytes: number;
  readonly hugeTree: number | null;
  readonly table: DoublingTable;
}

/**
 * A fractal heap: where new-style groups keep their links and objects their attributes, once they are many.
 * Source: HDF5 File Format Specification 3.0, section III.G.
 */
export class FractalHeap {
  private readonly blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  private hugeObjects: Map<number, { address: number; byteLength: number }> | null = null;

  private constructor(
    private readonly reader: MetadataReader,
    private readonly header: HeapHeader,
    private readonly place: string,
  ) {}

  /** @throws FormatError; UnsupportedError where the heap's own blocks are filtered. */
  static async open(reader: MetadataReader, address: number, place: string): Promise<FractalHeap> {
    const what = `fractal heap of ${place}`;
    return new FractalHeap(reader, await readHeader(reader, address, what), what);
  }

  /** Bytes of an object's id. */
  get idBytes(): number {
    return this.header.idBytes;
  }

  /** The object that an id names. @throws FormatError when the heap has no such object. */
  async object(id: FieldCursor): Promise<FieldCursor> {
    const kind = id.u8();
    if (kind >> 6 !== 0) throw id.bad(`heap id version ${kind >> 6}`, 'version 0');
    switch ((kind >> 4) & 3) {
      case 0:
        return this.managedObject(id);
      case 1:
        return this.hugeObject(id);
      case 2: {
        const extended = this.header.idBytes > 17;
        const byteLength = extended ? ((kind & 15) << 8) + id.u8() + 1 : (kind & 15) + 1;
        return id.section(byteLength);
      }
      default:
        throw id.bad(`heap id type ${(kind >> 4) & 3}`, 'types 0 to 2');
    }
  }

  private async managedObject(id: FieldCursor): Promise<FieldCursor> {
    const { table, lengthBytes } = this.header;
    const offset = id.unsigned(table.offsetBytes);
    const byteLength = id.unsigned(lengthBytes);
    const block = await this.findBlock(offset);
    const start = offset - block.heapOffset;
    const bytes = await this.directBlock(block);
    if (start + byteLength > bytes.length) {
      throw id.bad(`an object of ${byteLength} bytes at ${offset}`, 'one within its block');
    }
    const place = {
      place: this.place,
      byteOffset: this.reader.locate(block.address, 0, this.place),
    };
    this.reader.spend(byteLength, this.place);
    return new FieldCursor(bytes, this.reader.widths, place).sectionAt(start, byteLength);
  }

  private async findBlock(offset: number): Promise<DirectBlock> {
    const { table } = this.header;
    if (table.rootAddress === null) throw this.bad('an object', 'none: the heap is empty');
    if (table.rootRows === 0) {
      return { address: table.rootAddress, heapOffset: 0, byteLength: table.startBytes };
    }
    let address = table.rootAddress;
    let rows = table.rootRows;
    let heapOffset = 0;
    // Each level's blocks are smaller than the one above: at most one level for each bit of the offset.
    for (let level = 0; level < table.maxHeapBits; level++) {
      const cell = cellOf(table, offset - heapOffset);
      if (cell.row >= rows) throw this.bad(`an offset of ${offset}`, 'one within the heap');
      const direct = cell.blockBytes <= table.maxDirectBytes;
      const child = await this.childAddress(address, rows, cell);
      heapOffset += cell.offset;
      if (direct) return { address: child, heapOffset, byteLength: cell.blockBytes };
      address = child;
      rows = Math.log2(cell.blockBytes) - Math.log2(table.startBytes * table.width) + 1;
    }
    throw this.bad('blocks nested without end', `${table.maxHeapBits} levels`);
  }

  private async childAddress(address: number, rows: number, cell: Cell): Promise<number> {
    const { table } = this.header;
    const { offsetBytes } = this.reader.widths;
    const prefix = 5 + offsetBytes + table.offsetBytes;
    const byteLength = prefix + rows * table.width * offsetBytes + 4;
    const cursor = await this.reader.readChecked(address, byteLength, this.place);
    cursor.signature('FHIB');
    cursor.version(0);
    cursor.skip(prefix - 5 + (cell.row * table.width + cell.column) * offsetBytes);
    return cursor.definedAddress('block');
  }

  private async directBlock(block: DirectBlock): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.blocks.get(block.address);
    if (known !== undefined && known.length === block.byteLength) return known;
    const cursor = await this.reader.read(block.address, block.byteLength, this.place);
    cursor.signature('FHDB');
    cursor.version(0);
    if (this.header.checkedBlocks) {
      this.assertBlockChecksum(cursor);
    }
    this.blocks.clear();
    this.blocks.set(block.address, cursor.bytes);
    return cursor.bytes;
  }

  /** The checksum stands in the block's prefix and counts as zero in its own sum. */
  private assertBlockChecksum(cursor: FieldCursor): void {
    cursor.skip(this.reader.widths.offsetBytes + this.header.table.offsetBytes);
    const at = cursor.position;
    const stored = cursor.u32();
    const bytes = cursor.bytes.slice();
    bytes.fill(0, at, at + 4);
    if (lookup3(bytes) !== stored) throw this.bad('a checksum that does not hold', 'whole bytes');
  }

  private async hugeObject(id: FieldCursor): Promise<FieldCursor> {
    const { offsetBytes, lengthBytes } = this.reader.widths;
    if (this.header.idBytes > offsetBytes + lengthBytes) {
      const address = id.definedAddress('object');
      return this.reader.read(address, id.length(), this.place);
    }
    const key = id.unsigned(Math.min(this.header.idBytes - 1, lengthBytes));
    this.hugeObjects ??= await this.readHugeObjects();
    const found = this.hugeObjects.get(key);
    if (found === undefined) throw id.bad(`the large object ${key}`, 'one that is listed');
    return this.reader.read(found.address, found.byteLength, this.place);
  }

  private async readHugeObjects(): Promise<Map<number, { address: number; byteLength: number }>> {
    const objects = new Map<number, { address: number; byteLength: number }>();
    const tree = this.header.hugeTree;
    if (tree === null) return objects;
    const { offsetBytes, lengthBytes } = this.reader.widths;
    const recordBytes = offsetBytes + 2 * lengthBytes;
    for await (const { cursor } of readBtree2(this.reader, tree, {
      type: 1,
      recordBytes,
      place: this.place,
    })) {
      const address = cursor.definedAddress('object');
      const byteLength = cursor.length();
      objects.set(cursor.length(), { address, byteLength });
    }
    return objects;
  }

  private bad(found: string, allowed: string): Error {
    return malformed({ place: this.place, found, allowed });
  }
}

interface DirectBlock {
  readonly address: number;
  /** Where the block begins in the heap's own space. */
  readonly heapOffset: number;
  readonly byteLength: number;
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly blockBytes: number;
  /** Of the block, within the indirect block's space. */
  readonly offset: number;
}

/** The cell of the doubling table that holds an offset. */
function cellOf(table: DoublingTable, offset: number): Cell {
  const firstRowBytes = table.startBytes * table.width;
  const row = offset < firstRowBytes ? 0 : Math.floor(Math.log2(offset / firstRowBytes)) + 1;
  const blockBytes = row === 0 ? table.startBytes : table.startBytes * 2 ** (row - 1);
  const rowOffset = row === 0 ? 0 : firstRowBytes * 2 ** (row - 1);
  const column = Math.floor((offset - rowOffset) / blockBytes);
  return { row, column, blockBytes, offset: rowOffset + column * blockBytes };
}

async function readHeader(
  reader: MetadataReader,
  address: number,
  place: string,
): Promise<HeapHeader> {
  const { offsetBytes, lengthBytes } = reader.widths;
  const start = await reader.read(address, HEADER_START_BYTES, place);
  start.signature('FRHP');
  start.version(0);
  start.skip(2);
  if (start.u16() !== 0) {
    throw unsupported(place, 'filtered blocks', 'blocks without filters');
  }
  const byteLength = HEADER_START_BYTES + 17 + 12 * lengthBytes + 3 * offsetBytes;
  const cursor = await reader.readChecked(address, byteLength, place);
  cursor.skip(5);
  const idBytes = cursor.u16();
  cursor.skip(2);
  const checkedBlocks = (cursor.u8() & 2) !== 0;
  const maxManagedBytes = cursor.u32();
  cursor.skip(lengthBytes);
  const hugeTree = cursor.address();
  cursor.skip(lengthBytes + offsetBytes + 8 * lengthBytes);
  const table = readTable(cursor);
  const largest = Math.min(table.maxDirectBytes, maxManagedBytes);
  return {
    address,
    idBytes,
    checkedBlocks,
    lengthBytes: largest < 1 ? 1 : Math.floor(Math.log2(largest) / 8) + 1,
    hugeTree,
    table,
  };
}

function readTable(cursor: FieldCursor): DoublingTable {
  const width = cursor.u16();
  const startBytes = cursor.length();
  const maxDirectBytes = cursor.length();
  const maxHeapBits = cursor.u16();
  cursor.skip(2);
  const rootAddress = cursor.address();
  const rootRows = cursor.u16();
  const powers = [width, startBytes, maxDirectBytes].every((size) => size > 0 && isPower(size));
  if (!powers || maxDirectBytes < startBytes || maxHeapBits < 1 || maxHeapBits > 64) {
    throw cursor.bad(
      `a table of width ${width}, blocks of ${startBytes} to ${maxDirectBytes} bytes, ${maxHeapBits} bits`,
      'powers of two, at most 64 bits',
    );
  }
  const offsetBytes = Math.ceil(maxHeapBits / 8);
  return { width, startBytes, maxDirectBytes, rootAddress, rootRows, offsetBytes, maxHeapBits };
}

function isPower(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}
