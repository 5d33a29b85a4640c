import { MAX_HDF5_CHUNK_BYTES, MAX_HDF5_CHUNKS, MAX_HDF5_UNWRITTEN_BYTES } from '../../limits';
import { type ByteSource, type Compression } from '../../io';
import { sliceSource } from '../memorySource';
import { countElements } from '../shape';
import { type ChunkGrid, makeGrid } from './chunkGrid';
import { ChunkedSource, type ChunkStore, pagedChunks } from './chunkedSource';
import type { ChunkTable } from './chunkTable';
import { FilterPipeline } from './filterPipeline';
import type { GlobalHeap } from './globalHeap';
import { HDF5, malformed, unsupported } from './hdf5Error';
import type { MetadataReader } from './metadataReader';
import {
  bodyOf,
  type CheckedBlock,
  findMessage,
  MessageType,
  type ObjectHeader,
} from './objectHeader';
import { type Dataspace, parseDataspace } from './parseDataspace';
import { type Datatype, nameOpaque, parseDatatype } from './parseDatatype';
import { parseFillValue, parseOldFillValue } from './parseFillValue';
import { type Filter, parseFilters } from './parseFilters';
import { type ChunkedLayout, type CompactLayout, parseLayout } from './parseLayout';
import { attributeTexts, readAttributes } from './readAttributes';
import { readChunkTable } from './readChunkTable';
import type { FoundObject } from './readObjects';
import { unwrittenSource } from './unwrittenSource';

/** A data set: what it is and where its bytes lie. */
export interface Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly elementCount: number;
  readonly datatype: Datatype;
  readonly storage: Storage;
}

/** The attribute in which Keras keeps the name of a type that HDF5 does not have. */
const TYPE_NAME = 'dtype';

export type Storage =
  /** As they are, in the file. */
  | { readonly kind: 'plain'; readonly byteOffset: number; readonly byteLength: number }
  /** As they are, but a checksum of the object header covers them. */
  | {
      readonly kind: 'compact';
      readonly block: CheckedBlock;
      readonly source: ByteSource;
      readonly byteOffset: number;
    }
  | { readonly kind: 'chunked'; readonly store: ChunkStore; readonly source: ByteSource }
  /** Nowhere: all elements are the fill value. */
  | { readonly kind: 'unwritten'; readonly source: ByteSource };

/** Reads data sets one after the other; the number of chunks is bounded for all together. */
export class DatasetReader {
  private chunksLeft = MAX_HDF5_CHUNKS;

  constructor(
    private readonly reader: MetadataReader,
    private readonly compression: Compression,
    private readonly chunkNodeHalf: number,
    private readonly heap: GlobalHeap,
  ) {}

  /**
   * @returns null where the data set has no elements at all (a null dataspace).
   * @throws FormatError, UnsupportedError naming the data set.
   */
  async read({ path, header }: FoundObject): Promise<Dataset | null> {
    const place = `data set ${JSON.stringify(path)}`;
    const space = parseDataspace(await this.body(header, MessageType.dataspace, place));
    const datatype = await this.datatype(header, place);
    if (space.shape === null) return null;
    const where = { format: HDF5, place };
    const elementCount = countElements(space.shape, datatype.byteLength, where);
    const head = { path, header, place, datatype, space, shape: space.shape, elementCount };
    const storage = await this.storage(head);
    return { path, shape: space.shape, elementCount, datatype, storage };
  }

  private async datatype(header: ObjectHeader, place: string): Promise<Datatype> {
    const datatype = parseDatatype(await this.body(header, MessageType.datatype, place));
    if (datatype.kind !== 'opaque') return datatype;
    const attributes = await readAttributes(this.reader, header);
    const names = await attributeTexts(attributes.get(TYPE_NAME), this.heap);
    return nameOpaque(datatype, names?.[0]);
  }

  private async storage(head: DatasetHead): Promise<Storage> {
    const { header, place, path } = head;
    const byteLength = head.elementCount * head.datatype.byteLength;
    if (findMessage(header, MessageType.externalFiles) !== undefined) {
      throw unsupported(place, 'data in other files', 'data in the same file');
    }
    const layout = parseLayout(await this.body(header, MessageType.layout, place), place);
    if (layout.kind === 'compact') return this.compact(head, layout, byteLength);
    if (layout.kind === 'chunked') return this.chunked(head, layout);
    if (layout.address === null) {
      assertUnwritten(byteLength, place);
      const fill = await this.fillValue(head);
      return { kind: 'unwritten', source: unwrittenSource(path, byteLength, fill) };
    }
    if (layout.byteLength !== null && layout.byteLength < byteLength) {
      const found = `${layout.byteLength} bytes of data`;
      throw malformed({ place, found, allowed: `${byteLength}, as shape and type say` });
    }
    const byteOffset = this.reader.locate(layout.address, byteLength, place);
    return { kind: 'plain', byteOffset, byteLength };
  }

  private compact(head: DatasetHead, layout: CompactLayout, byteLength: number): Storage {
    const { place, path, header } = head;
    if (layout.byteLength < byteLength) {
      const found = `${layout.byteLength} bytes of compact data`;
      throw malformed({ place, found, allowed: `${byteLength}, as shape and type say` });
    }
    const { byteOffset } = layout;
    const block = findMessage(header, MessageType.layout)?.block ?? null;
    if (block === null) return { kind: 'plain', byteOffset, byteLength };
    const slice = sliceSource(this.reader.source, byteOffset, byteLength);
    const source: ByteSource = { ...slice, name: path, derived: true };
    return { kind: 'compact', block, source, byteOffset };
  }

  private async chunked(head: DatasetHead, layout: ChunkedLayout): Promise<Storage> {
    const { place, path, header, datatype } = head;
    if (layout.elementBytes !== datatype.byteLength) {
      const found = `chunks of elements of ${layout.elementBytes} bytes`;
      throw malformed({ place, found, allowed: `${datatype.byteLength} bytes` });
    }
    const grid = makeGrid(head.shape, layout.chunkShape, layout.elementBytes, place);
    this.chunksLeft -= grid.chunkCount;
    if (this.chunksLeft < 0) {
      throw unsupported(place, `${grid.chunkCount} chunks`, `${MAX_HDF5_CHUNKS} in a file`);
    }
    const filters = await this.filters(header, place);
    if (filters.length > 0 && grid.chunkBytes > MAX_HDF5_CHUNK_BYTES) {
      const found = `filtered chunks of ${grid.chunkBytes} bytes`;
      throw unsupported(place, found, `at most ${MAX_HDF5_CHUNK_BYTES}`);
    }
    const pipeline = new FilterPipeline(filters, this.compression, place);
    const table = await readChunkTable(this.reader, {
      layout,
      grid,
      maxShape: head.space.maxShape,
      filtered: filters.length > 0,
      nodeHalf: this.chunkNodeHalf,
      layoutBlock: findMessage(header, MessageType.layout)?.block ?? null,
      place,
    });
    assertUnwritten(unwrittenBytes(grid, table), place);
    const store: ChunkStore = {
      source: pagedChunks(this.reader.source),
      grid,
      table,
      pipeline,
      unfilteredEdges: layout.unfilteredEdges,
      fillValue: await this.fillValue(head),
    };
    return { kind: 'chunked', store, source: new ChunkedSource(path, store) };
  }

  private async filters(header: ObjectHeader, place: string): Promise<readonly Filter[]> {
    const message = findMessage(header, MessageType.filters);
    return message === undefined ? [] : parseFilters(await bodyOf(this.reader, message, place));
  }

  /** Null for zeros; a fill value of another size than the elements is not one. */
  private async fillValue(head: DatasetHead): Promise<Uint8Array | null> {
    const { header, place, datatype } = head;
    const message = findMessage(header, MessageType.fillValue);
    const old = findMessage(header, MessageType.oldFillValue);
    if (message === undefined && old === undefined) return null;
    const value =
      message === undefined
        ? old === undefined
          ? null
          : parseOldFillValue(await bodyOf(this.reader, old, place))
        : parseFillValue(await bodyOf(this.reader, message, place));
    if (value === null || value.length === datatype.byteLength) return value;
    const found = `a fill value of ${value.length} bytes`;
    throw malformed({ place, found, allowed: `${datatype.byteLength}` });
  }

  private async body(header: ObjectHeader, type: number, place: string) {
    const message = findMessage(header, type);
    if (message !== undefined) return bodyOf(this.reader, message, place);
    throw malformed({ place, found: `no message of type ${type}`, allowed: 'shape, type, layout' });
  }
}

interface DatasetHead {
  readonly path: string;
  readonly header: ObjectHeader;
  readonly place: string;
  readonly datatype: Datatype;
  readonly space: Dataspace;
  readonly shape: readonly number[];
  readonly elementCount: number;
}

function unwrittenBytes(grid: ChunkGrid, table: ChunkTable): number {
  return (grid.chunkCount - table.storedCount) * grid.chunkBytes;
}

function assertUnwritten(byteLength: number, place: string): void {
  if (byteLength <= MAX_HDF5_UNWRITTEN_BYTES) return;
  throw unsupported(
    place,
    `${byteLength} bytes that were never written`,
    `at most ${MAX_HDF5_UNWRITTEN_BYTES}`,
  );
}
