import { HDF5_CHUNK_CACHE_BYTES } from '../../limits';
import type { PartContent } from '../../model/model';
import { product, segmentsOf } from './chunkGrid';
import { type ChunkStore, decodeChunk, maskOf, pagedChunks } from './chunkedSource';
import type { IndexedChunk } from './chunkTable';
import type { FileRewriter } from './fileRewriter';

/**
 * Encodes the chunks of a data set whose values changed, and corrects their index records. Chunks whose values
 * are the same keep their bytes. A row of chunks along the first axis is gathered at a time; where it does not
 * fit in memory the content is read once for each part of the row.
 */
export async function rewriteChunks(
  store: ChunkStore,
  content: PartContent,
  rewriter: FileRewriter,
): Promise<void> {
  const perRow = product(store.grid.counts.slice(1));
  const perPass = Math.max(1, Math.floor(HDF5_CHUNK_CACHE_BYTES / store.grid.chunkBytes));
  for (let first = 0; first < perRow; first += perPass) {
    const pass = { perRow, first, count: Math.min(perPass, perRow - first) };
    await new RowGatherer(store, rewriter, pass).run(content);
  }
}

interface Pass {
  /** Chunks that share their place along the first axis. */
  readonly perRow: number;
  /** The ones of each row that this pass writes. */
  readonly first: number;
  readonly count: number;
}

class RowGatherer {
  private row = 0;
  private readonly gathered: Uint8Array<ArrayBuffer>[];
  private readonly old: ChunkStore;

  constructor(
    private readonly store: ChunkStore,
    private readonly rewriter: FileRewriter,
    private readonly pass: Pass,
  ) {
    const { chunkBytes } = store.grid;
    this.old = { ...store, source: pagedChunks(rewriter.original) };
    this.gathered = Array.from({ length: pass.count }, () => new Uint8Array(chunkBytes));
  }

  async run(content: PartContent): Promise<void> {
    let at = 0;
    for await (const bytes of content.chunks()) {
      for (const segment of segmentsOf(this.store.grid, at, bytes.length)) {
        const row = Math.floor(segment.chunk / this.pass.perRow);
        if (row !== this.row) await this.flush(row);
        const target = this.gathered[(segment.chunk % this.pass.perRow) - this.pass.first];
        const { rangeOffset, byteLength, chunkOffset } = segment;
        target?.set(bytes.subarray(rangeOffset, rangeOffset + byteLength), chunkOffset);
      }
      at += bytes.length;
      this.rewriter.throwIfCancelled();
    }
    await this.flush(this.row + 1);
  }

  private async flush(nextRow: number): Promise<void> {
    for (const [i, values] of this.gathered.entries()) {
      await this.writeChunk(this.row * this.pass.perRow + this.pass.first + i, values);
      values.fill(0);
    }
    this.row = nextRow;
  }

  private async writeChunk(index: number, values: Uint8Array<ArrayBuffer>): Promise<void> {
    const { store } = this;
    const chunk = store.table.get(index);
    // Never written: all zeros, which zeroing does not change.
    if (chunk === null) return;
    const old = await decodeChunk(this.old, index, chunk);
    if (!this.takeOver(old, values, index)) return;
    const encoded = await store.pipeline.encode(old, maskOf(store, index, chunk));
    const byteOffset = await this.rewriter.replace(chunk, encoded);
    await this.updateRecord(chunk, byteOffset, encoded.length);
  }

  /**
   * Puts the new values over the old, but for what lies beyond the data set's edge, which the content does not
   * have and the file keeps.
   * @returns whether anything changed.
   */
  private takeOver(old: Uint8Array, values: Uint8Array, index: number): boolean {
    let changed = false;
    for (const { start, end } of insideRuns(this.store, index)) {
      for (let i = start; i < end; i++) {
        if (old[i] === values[i]) continue;
        old[i] = values[i] ?? 0;
        changed = true;
      }
    }
    return changed;
  }

  private async updateRecord(
    chunk: IndexedChunk,
    byteOffset: number,
    byteLength: number,
  ): Promise<void> {
    const { fields } = this.store.table;
    const moved = byteOffset !== chunk.byteOffset;
    const { recordOffset, block } = chunk;
    if (moved) {
      const field = { byteOffset: recordOffset, byteLength: this.rewriter.addressBytes };
      await this.rewriter.setNumber(field, this.rewriter.addressOf(byteOffset), block);
    }
    if (byteLength === chunk.byteLength) return;
    const size = { byteOffset: recordOffset + fields.sizeDelta, byteLength: fields.sizeBytes };
    await this.rewriter.setNumber(size, byteLength, block);
  }
}

/** The runs of a decoded chunk that lie inside the data set. */
function* insideRuns(
  { grid }: ChunkStore,
  index: number,
): Generator<{ readonly start: number; readonly end: number }, void, undefined> {
  const sizes = insideSizes(grid.shape, grid.chunkShape, { counts: grid.counts, index });
  const last = sizes.length - 1;
  const rowBytes = (grid.chunkShape[last] ?? 1) * grid.elementBytes;
  const insideBytes = (sizes[last] ?? 1) * grid.elementBytes;
  const rows = product(sizes.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let stride = rowBytes;
    let start = 0;
    for (let axis = last - 1; axis >= 0; axis--) {
      const size = sizes[axis] ?? 1;
      start += (rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= grid.chunkShape[axis] ?? 1;
    }
    yield { start, end: start + insideBytes };
  }
}

function insideSizes(
  shape: readonly number[],
  chunkShape: readonly number[],
  { counts, index }: { readonly counts: readonly number[]; readonly index: number },
): number[] {
  const sizes = [...chunkShape];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const count = counts[axis] ?? 1;
    const size = chunkShape[axis] ?? 1;
    sizes[axis] = Math.min(size, (shape[axis] ?? 1) - (rest % count) * size);
    rest = Math.floor(rest / count);
  }
  return sizes;
}
