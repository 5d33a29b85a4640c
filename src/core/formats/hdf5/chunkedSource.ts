import { type ByteSource, readBytes } from '../../io';
import { HDF5_CHUNK_CACHE_BYTES } from '../../limits';
import { type ChunkGrid, isCutByEdge, product, type Segment, segmentsOf } from './chunkGrid';
import type { ChunkTable, IndexedChunk } from './chunkTable';
import type { FilterPipeline } from './filterPipeline';
import { PagedSource } from './pagedSource';

/** A chunked data set: its grid, where its chunks lie, and how they are encoded. */
export interface ChunkStore {
  readonly source: ByteSource;
  readonly grid: ChunkGrid;
  readonly table: ChunkTable;
  readonly pipeline: FilterPipeline;
  /** Chunks that the edge cuts are stored without filters. */
  readonly unfilteredEdges: boolean;
  /** One element that was never written; null for zeros. */
  readonly fillValue: Uint8Array | null;
}

/** Segments of one chunk are read one by one where reading what lies between would cost more than this. */
const MAX_READ_RATIO = 4;

/** Chunks that are written one after the other mostly lie so: small ones are read together. */
const PAGING = { pageBytes: 64 * 1024, pages: 16 };

/** A file to read chunks from. */
export function pagedChunks(source: ByteSource): ByteSource {
  return new PagedSource(source, PAGING);
}

/** The filter mask that counts for a chunk. */
export function maskOf(store: ChunkStore, index: number, chunk: IndexedChunk): number {
  return store.unfilteredEdges && isCutByEdge(store.grid, index) ? 0xffffffff : chunk.filterMask;
}

/** The values of a chunk. @throws FormatError */
export async function decodeChunk(
  store: ChunkStore,
  index: number,
  chunk: IndexedChunk,
): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await readBytes(store.source, chunk.byteOffset, chunk.byteLength);
  return store.pipeline.decode(stored, maskOf(store, index, chunk), store.grid.chunkBytes);
}

/**
 * The values of a chunked data set in C order as a file. Space: the cache, whatever the data set's size;
 * each read decodes a chunk at most once.
 */
export class ChunkedSource implements ByteSource {
  readonly derived = true;
  readonly byteLength: number;
  /** By chunk, the one used last at the end. */
  private readonly cache = new Map<number, Uint8Array<ArrayBuffer>>();
  private readonly cachedChunks: number;

  constructor(
    readonly name: string,
    private readonly store: ChunkStore,
  ) {
    const { shape, elementBytes, chunkBytes } = store.grid;
    this.byteLength = shape.reduce((bytes, size) => bytes * size, elementBytes);
    // Read in order, a row of chunks along the first axis is needed, and where a read ends in the next.
    const perRow = product(store.grid.counts.slice(1));
    const affordable = Math.floor(HDF5_CHUNK_CACHE_BYTES / chunkBytes);
    this.cachedChunks = Math.max(1, Math.min(affordable, 2 * perRow));
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    for (const [index, segments] of this.byChunk(byteOffset, target.length)) {
      const chunk = this.store.table.get(index);
      if (chunk === null) this.fill(segments, target);
      else if (this.store.pipeline.isPlain(maskOf(this.store, index, chunk))) {
        await this.readPlain(chunk, segments, target);
      } else copySegments(await this.decoded(index, chunk), segments, target, 0);
    }
  }

  private byChunk(byteOffset: number, byteLength: number): ReadonlyMap<number, Segment[]> {
    const chunks = new Map<number, Segment[]>();
    for (const segment of segmentsOf(this.store.grid, byteOffset, byteLength)) {
      const known = chunks.get(segment.chunk);
      if (known === undefined) chunks.set(segment.chunk, [segment]);
      else known.push(segment);
    }
    return chunks;
  }

  private fill(segments: readonly Segment[], target: Uint8Array): void {
    const { fillValue } = this.store;
    for (const { chunkOffset, rangeOffset, byteLength } of segments) {
      const part = target.subarray(rangeOffset, rangeOffset + byteLength);
      fillElements(part, fillValue, chunkOffset);
    }
  }

  private async readPlain(
    chunk: IndexedChunk,
    segments: readonly Segment[],
    target: Uint8Array,
  ): Promise<void> {
    const [start, end] = coveredRange(segments);
    const needed = segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (end - start <= MAX_READ_RATIO * needed) {
      const bytes = await readBytes(this.store.source, chunk.byteOffset + start, end - start);
      copySegments(bytes, segments, target, start);
      return;
    }
    for (const { chunkOffset, rangeOffset, byteLength } of segments) {
      const part = target.subarray(rangeOffset, rangeOffset + byteLength);
      await this.store.source.readInto(chunk.byteOffset + chunkOffset, part);
    }
  }

  private async decoded(index: number, chunk: IndexedChunk): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.cache.get(index);
    if (known !== undefined) {
      this.cache.delete(index);
      this.cache.set(index, known);
      return known;
    }
    const [oldest] = this.cache.keys();
    if (this.cache.size >= this.cachedChunks && oldest !== undefined) this.cache.delete(oldest);
    const bytes = await decodeChunk(this.store, index, chunk);
    this.cache.set(index, bytes);
    return bytes;
  }
}

/** The part of a chunk from its first to its last segment: an argument list would overflow the stack. */
function coveredRange(segments: readonly Segment[]): readonly [start: number, end: number] {
  let start = Infinity;
  let end = 0;
  for (const { chunkOffset, byteLength } of segments) {
    start = Math.min(start, chunkOffset);
    end = Math.max(end, chunkOffset + byteLength);
  }
  return [start, end];
}

function copySegments(
  bytes: Uint8Array,
  segments: readonly Segment[],
  target: Uint8Array,
  start: number,
): void {
  for (const { chunkOffset, rangeOffset, byteLength } of segments) {
    const from = chunkOffset - start;
    target.set(bytes.subarray(from, from + byteLength), rangeOffset);
  }
}

/** Repeats one element over bytes that begin at `byteOffset` of a run of elements. */
export function fillElements(
  target: Uint8Array,
  element: Uint8Array | null,
  byteOffset: number,
): void {
  if (element === null || element.length === 0) {
    target.fill(0);
    return;
  }
  const first = Math.min(target.length, element.length);
  for (let i = 0; i < first; i++) target[i] = element[(byteOffset + i) % element.length] ?? 0;
  for (let filled = first; filled < target.length; filled *= 2) {
    target.copyWithin(filled, 0, Math.min(filled, target.length - filled));
  }
}
