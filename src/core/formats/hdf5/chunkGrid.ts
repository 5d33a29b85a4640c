import { malformed } from './hdf5Error';

/** How a data set is cut into chunks. Chunks are counted in C order of the grid. */
export interface ChunkGrid {
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  readonly elementBytes: number;
  /** Chunks along each axis. */
  readonly counts: readonly number[];
  readonly chunkCount: number;
  /** Of one chunk, decoded; those at the edge are as large as the others. */
  readonly chunkBytes: number;
}

/**
 * The grid of a data set with at least one axis.
 * @throws FormatError when the numbers cannot be counted exactly.
 */
export function makeGrid(
  shape: readonly number[],
  chunkShape: readonly number[],
  elementBytes: number,
  place: string,
): ChunkGrid {
  const counts = shape.map((size, axis) => Math.ceil(size / (chunkShape[axis] ?? 1)));
  const chunkCount = product(counts);
  const chunkBytes = product(chunkShape) * elementBytes;
  if (chunkShape.length !== shape.length || Math.max(chunkCount, chunkBytes) > 2 ** 48) {
    throw malformed({
      place,
      found: `chunks of ${JSON.stringify(chunkShape)} for the shape ${JSON.stringify(shape)}`,
      allowed: 'chunks with the axes of the data set',
    });
  }
  return { shape, chunkShape, elementBytes, counts, chunkCount, chunkBytes };
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

/** Bytes of the data set that lie in a row in one chunk. */
export interface Segment {
  readonly chunk: number;
  /** Within the decoded chunk. */
  readonly chunkOffset: number;
  /** Within the range asked for. */
  readonly rangeOffset: number;
  readonly byteLength: number;
}

/** The segments of a range of the data set's bytes in C order, in the range's order. */
export function* segmentsOf(
  grid: ChunkGrid,
  byteOffset: number,
  byteLength: number,
): Generator<Segment, void, undefined> {
  const last = grid.shape.length - 1;
  const rowBytes = (grid.shape[last] ?? 1) * grid.elementBytes;
  const chunkRowBytes = (grid.chunkShape[last] ?? 1) * grid.elementBytes;
  const end = byteOffset + byteLength;
  let at = byteOffset;
  while (at < end) {
    const rowIndex = Math.floor(at / rowBytes);
    const row = placeOfRow(grid, rowIndex, chunkRowBytes);
    const rowStart = rowIndex * rowBytes;
    const rowEnd = Math.min(end, rowStart + rowBytes);
    while (at < rowEnd) {
      const column = Math.floor((at - rowStart) / chunkRowBytes);
      const columnStart = rowStart + column * chunkRowBytes;
      const stop = Math.min(rowEnd, columnStart + chunkRowBytes);
      yield {
        chunk: row.chunk + column,
        chunkOffset: row.chunkOffset + at - columnStart,
        rangeOffset: at - byteOffset,
        byteLength: stop - at,
      };
      at = stop;
    }
  }
}

/** The first chunk that a row along the last axis runs through, and where the row begins in each. */
function placeOfRow(
  grid: ChunkGrid,
  rowIndex: number,
  chunkRowBytes: number,
): { readonly chunk: number; readonly chunkOffset: number } {
  const last = grid.shape.length - 1;
  let rest = rowIndex;
  let chunkStride = grid.counts[last] ?? 1;
  let byteStride = chunkRowBytes;
  let chunk = 0;
  let chunkOffset = 0;
  for (let axis = last - 1; axis >= 0; axis--) {
    const size = grid.shape[axis] ?? 1;
    const chunkSize = grid.chunkShape[axis] ?? 1;
    const index = rest % size;
    rest = Math.floor(rest / size);
    chunk += Math.floor(index / chunkSize) * chunkStride;
    chunkOffset += (index % chunkSize) * byteStride;
    chunkStride *= grid.counts[axis] ?? 1;
    byteStride *= chunkSize;
  }
  return { chunk, chunkOffset };
}

/** Whether a chunk reaches beyond the data set's edge. */
export function isCutByEdge(grid: ChunkGrid, chunk: number): boolean {
  let rest = chunk;
  for (let axis = grid.shape.length - 1; axis >= 0; axis--) {
    const count = grid.counts[axis] ?? 1;
    const size = grid.chunkShape[axis] ?? 1;
    if (((rest % count) + 1) * size > (grid.shape[axis] ?? 1)) return true;
    rest = Math.floor(rest / count);
  }
  return false;
}
