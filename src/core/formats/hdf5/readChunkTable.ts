import { readBtree1 } from './btree1';
import { readBtree2 } from './btree2';
import { type ChunkGrid, product } from './chunkGrid';
import { ChunkTable } from './chunkTable';
import { readExtensibleArray } from './extensibleArray';
import type { FieldCursor } from './fieldCursor';
import { readFixedArray } from './fixedArray';
import { malformed } from './hdf5Error';
import type { MetadataReader } from './metadataReader';
import type { CheckedBlock } from './objectHeader';
import type { ChunkedLayout } from './parseLayout';

/** What is needed to find a data set's chunks. */
export interface ChunkedData {
  readonly layout: ChunkedLayout;
  readonly grid: ChunkGrid;
  readonly maxShape: readonly (number | null)[];
  readonly filtered: boolean;
  /** Half the capacity of version 1 B-tree nodes. */
  readonly nodeHalf: number;
  /** What a checksum covers together with the layout message. */
  readonly layoutBlock: CheckedBlock | null;
  readonly place: string;
}

/**
 * Reads the index of a chunked data set, whichever of the six kinds it is.
 * @throws FormatError
 * Source: HDF5 File Format Specification 3.0, sections III.A and VI (chunk indexing).
 */
export async function readChunkTable(
  reader: MetadataReader,
  data: ChunkedData,
): Promise<ChunkTable> {
  const table = new ChunkTable(data.grid.chunkCount, data.place);
  const { address, index } = data.layout;
  if (address === null || data.grid.chunkCount === 0) return table;
  const filler = new TableFiller(reader, data, table);
  switch (index.kind) {
    case 'btree1':
      await filler.fillFromBtree1(address);
      break;
    case 'single':
      filler.addSingle(address);
      break;
    case 'implicit':
      filler.fillImplicit(address);
      break;
    case 'fixedArray':
      await filler.fillFromFixedArray(address);
      break;
    case 'extensibleArray':
      await filler.fillFromExtensibleArray(address);
      break;
    case 'btree2':
      await filler.fillFromBtree2(address);
      break;
  }
  table.assertApart();
  return table;
}

class TableFiller {
  constructor(
    private readonly reader: MetadataReader,
    private readonly data: ChunkedData,
    private readonly table: ChunkTable,
  ) {}

  /** Keys: size and filter mask, then the chunk's place in elements, with the element's own offset 0 last. */
  async fillFromBtree1(address: number): Promise<void> {
    const { grid, nodeHalf, place, filtered } = this.data;
    const keyBytes = 8 + 8 * (grid.shape.length + 1);
    this.table.fields = { sizeDelta: -keyBytes, sizeBytes: 4 };
    const tree = readBtree1(this.reader, address, {
      type: 1,
      keyBytes,
      capacity: 2 * nodeHalf,
      place,
    });
    for await (const { key, child, childOffset } of tree) {
      const byteLength = key.u32();
      const filterMask = key.u32();
      const scaled = grid.chunkShape.map((size) => this.scaledPlace(key, size));
      const chunk = { address: child, byteLength, filterMask, recordOffset: childOffset };
      if (!filtered && byteLength !== grid.chunkBytes) {
        throw key.bad(`a chunk of ${byteLength} bytes`, `${grid.chunkBytes}`);
      }
      this.add(scaled, { ...chunk, block: null });
    }
  }

  addSingle(address: number): void {
    const { layout, grid, layoutBlock } = this.data;
    if (layout.index.kind !== 'single') return;
    const { filtered, addressOffset } = layout.index;
    const { lengthBytes } = this.reader.widths;
    this.table.fields = { sizeDelta: -(lengthBytes + 4), sizeBytes: lengthBytes };
    if (grid.chunkCount !== 1 || (filtered === null) === this.data.filtered) {
      const found = `one chunk, ${filtered === null ? 'not ' : ''}filtered, of ${grid.chunkCount}`;
      throw malformed({ place: this.data.place, found, allowed: 'one, with the filters stated' });
    }
    this.add(
      grid.shape.map(() => 0),
      {
        address,
        byteLength: filtered?.byteLength ?? grid.chunkBytes,
        filterMask: filtered?.filterMask ?? 0,
        recordOffset: addressOffset,
        block: layoutBlock,
      },
    );
  }

  /** All chunks lie one after the other. */
  fillImplicit(address: number): void {
    const { grid, filtered, place } = this.data;
    if (filtered) {
      throw malformed({ place, found: 'filters with an implicit index', allowed: 'no filters' });
    }
    const order = this.arrayOrder();
    for (let index = 0; index < grid.chunkCount; index++) {
      const slot = order.slotOf(coordinates(index, grid.counts));
      this.add(coordinates(index, grid.counts), {
        address: address + slot * grid.chunkBytes,
        byteLength: grid.chunkBytes,
        filterMask: 0,
        recordOffset: -1,
        block: null,
      });
    }
  }

  async fillFromFixedArray(address: number): Promise<void> {
    const order = this.arrayOrder();
    const { place } = this.data;
    for await (const { slot, cursor, block } of readFixedArray(this.reader, address, place)) {
      this.addElement(order.placeOf(slot), cursor, block);
    }
  }

  async fillFromExtensibleArray(address: number): Promise<void> {
    const order = this.arrayOrder();
    const { place } = this.data;
    for await (const { slot, cursor, block } of readExtensibleArray(this.reader, address, place)) {
      this.addElement(order.placeOf(slot), cursor, block);
    }
  }

  async fillFromBtree2(address: number): Promise<void> {
    const { grid, filtered, place } = this.data;
    const { offsetBytes } = this.reader.widths;
    const placeBytes = 8 * grid.shape.length;
    const recordBytes = offsetBytes + (filtered ? 1 + 4 : 0) + placeBytes;
    const kind = { type: filtered ? 11 : 10, recordBytes, place };
    for await (const { cursor, block } of readBtree2(this.reader, address, kind)) {
      const scaled = cursor.sectionAt(cursor.bytes.length - placeBytes, placeBytes);
      const element = cursor.section(cursor.bytes.length - placeBytes);
      this.addElement(
        grid.shape.map(() => scaled.unsigned(8)),
        element,
        block,
      );
    }
  }

  /** An element of an array or tree: the address; of filtered chunks also size and filter mask. */
  private addElement(scaled: readonly number[], cursor: FieldCursor, block: CheckedBlock): void {
    const { grid, filtered } = this.data;
    const { offsetBytes } = this.reader.widths;
    const recordOffset = cursor.byteOffset;
    const address = cursor.address();
    if (address === null) return;
    if (!filtered) {
      const rest = { byteLength: grid.chunkBytes, filterMask: 0, recordOffset, block };
      this.add(scaled, { address, ...rest });
      return;
    }
    const sizeBytes = cursor.remaining - 4;
    if (sizeBytes < 1 || sizeBytes > 8) throw cursor.bad('a record cut short', 'size and mask');
    this.table.fields = { sizeDelta: offsetBytes, sizeBytes };
    const byteLength = cursor.unsigned(sizeBytes);
    this.add(scaled, { address, byteLength, filterMask: cursor.u32(), recordOffset, block });
  }

  private add(
    scaled: readonly number[],
    chunk: {
      readonly address: number;
      readonly byteLength: number;
      readonly filterMask: number;
      readonly recordOffset: number;
      readonly block: CheckedBlock | null;
    },
  ): void {
    const { counts } = this.data.grid;
    // What was cut off when the data set shrank may still be listed.
    if (scaled.some((index, axis) => index >= (counts[axis] ?? 0))) return;
    const index = scaled.reduce((sum, at, axis) => sum * (counts[axis] ?? 1) + at, 0);
    const byteOffset = this.reader.locate(chunk.address, chunk.byteLength, this.data.place);
    this.table.set(index, { ...chunk, byteOffset });
  }

  private scaledPlace(key: FieldCursor, size: number): number {
    const offset = key.unsigned(8);
    if (offset % size !== 0) throw key.bad(`a chunk at ${offset}`, `a multiple of ${size}`);
    return offset / size;
  }

  /** Arrays count chunks over the largest shape, the axis without limit first. */
  private arrayOrder() {
    const { grid, maxShape, place } = this.data;
    const axes = grid.shape.map((_, axis) => axis);
    const open = axes.filter((axis) => maxShape[axis] === null);
    if (open.length > 1) {
      const found = `${open.length} axes without limit`;
      throw malformed({ place, found, allowed: 'at most one for this index' });
    }
    const order = [...open, ...axes.filter((axis) => !open.includes(axis))];
    const counts = order.map((axis) => {
      const most = maxShape[axis] ?? null;
      return most === null ? Infinity : Math.ceil(most / (grid.chunkShape[axis] ?? 1));
    });
    const inner = counts.slice(1);
    const innerCount = product(inner);
    return {
      placeOf(slot: number): readonly number[] {
        const first = Math.floor(slot / innerCount);
        const rest = [first, ...coordinates(slot % innerCount, inner)];
        const scaled = axes.map(() => 0);
        order.forEach((axis, i) => (scaled[axis] = rest[i] ?? 0));
        return scaled;
      },
      slotOf(scaled: readonly number[]): number {
        return order.reduce((sum, axis, i) => {
          const count = i === 0 ? 1 : (counts[i] ?? 1);
          return sum * count + (scaled[axis] ?? 0);
        }, 0);
      },
    };
  }
}

/** The place of an index in C order. */
function coordinates(index: number, counts: readonly number[]): number[] {
  let rest = index;
  const place = counts.map(() => 0);
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    const count = counts[axis] ?? 1;
    place[axis] = rest % count;
    rest = Math.floor(rest / count);
  }
  return place;
}
