import { FormatError } from '../../../errors';
import type { ByteSource } from '../../../io';
import { type ColumnIndices, scatterRows } from '../../../kernels/csrKernels';
import { swapBytesInPlace } from '../../../kernels/swapBytes';
import { CHUNK_BYTES } from '../../../limits';
import type { Model, TensorEntry } from '../../../model/model';
import { readTensorBytes } from '../../../model/streamTensor';
import { type MatrixShape, matrixShape } from '../../../pack/countKept';
import { fillFromElements } from '../../../pack/fillFromElements';

/** A matrix in compressed sparse row form, and the arrays that hold it. */
export interface CsrArrays {
  /** Of the dense array. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly indices: TensorEntry;
  readonly indptr: TensorEntry;
  readonly data: TensorEntry;
  /** All arrays that belong to it. */
  readonly partNames: readonly string[];
}

/** Elements that are decoded at once: each takes its bytes, up to 8 for its index and 8 for the row that it may begin. */
const PIECE_ELEMENTS = CHUNK_BYTES / 16;

/**
 * A sparse matrix as a file of the dense array's bytes. Reading on from where the last read ended costs nothing
 * extra; elsewhere the indices from the start of the row are looked through first. Space: a chunk.
 */
export class CsrMatrix implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  readonly derived = true;
  private readonly matrix: MatrixShape;
  private readonly elementBytes: number;
  /** Up to which element was read last, and how many entries that took. */
  private last = { element: 0, entry: 0 };

  constructor(
    private readonly model: Model,
    readonly arrays: CsrArrays,
  ) {
    this.name = arrays.name;
    this.matrix = matrixShape(arrays.shape);
    this.elementBytes = arrays.data.storedElementBytes;
    this.byteLength = this.matrix.rows * this.matrix.columns * this.elementBytes;
  }

  /** @throws FormatError where the arrays contradict each other, or the read goes too far; IoError. */
  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    const end = byteOffset + target.length;
    if (end > this.byteLength) throw this.broken('data', `${this.byteLength} bytes`, `${end}`);
    await fillFromElements(target, byteOffset, {
      elementBytes: this.elementBytes,
      pieceElements: PIECE_ELEMENTS,
      readElements: (first, count) => this.readElements(first, count),
    });
  }

  private async readElements(first: number, count: number): Promise<Uint8Array> {
    const { columns } = this.matrix;
    const { elementBytes, last } = this;
    const firstRow = Math.floor(first / columns);
    const endRow = Math.ceil((first + count) / columns);
    const column = first - firstRow * columns;
    const starts = await this.readRowStarts(firstRow, endRow + 1);
    const start =
      last.element === first ? last.entry : await this.firstEntryFrom(starts, column, firstRow);
    const rowEnds = starts.subarray(1).map((end) => end - start);
    const entries = this.mostEntries(rowEnds, { first, count, endRow });
    const indices = await this.readIndices(this.arrays.indices, start, entries);
    const values = new Uint8Array(entries * elementBytes);
    await readTensorBytes(this.model, this.arrays.data, start * elementBytes, values);
    const bytes = new Uint8Array(count * elementBytes);
    const run = { columns, column, rowEnds, indices, values, elementBytes };
    const { taken, wrong } = scatterRows(run, bytes);
    if (wrong >= 0) throw this.outOfOrder(indices, wrong, start);
    this.last = { element: first + count, entry: start + taken };
    return bytes;
  }

  /** In the last row only so many entries can lie before the end of the run as there are columns. */
  private mostEntries(
    rowEnds: Float64Array,
    { first, count, endRow }: { first: number; count: number; endRow: number },
  ): number {
    const { columns } = this.matrix;
    const end = rowEnds.at(-1) ?? 0;
    const rowStart = Math.max(first, (endRow - 1) * columns);
    const before = rowEnds.length > 1 ? (rowEnds.at(-2) ?? 0) : 0;
    return Math.max(0, Math.min(end, before + first + count - rowStart));
  }

  /** The first entry of a row that is not before a column. */
  private async firstEntryFrom(starts: Float64Array, column: number, row: number): Promise<number> {
    const [start = 0, end = 0] = starts;
    if (column === 0) return start;
    for (let at = start; at < end; at += PIECE_ELEMENTS) {
      const some = Math.min(PIECE_ELEMENTS, end - at);
      const indices = await this.readIndices(this.arrays.indices, at, some);
      const found = indices.findIndex((index: number) => index >= column);
      if (found >= 0) return at + found;
    }
    if (end - start <= column) return end;
    throw this.broken(
      'indices',
      `${end - start} entries of row ${row} before column ${column}`,
      'each column once',
    );
  }

  /** How many entries there are before rows, each compared with the one before it. */
  private async readRowStarts(firstRow: number, endRow: number): Promise<Float64Array> {
    const { data, indptr } = this.arrays;
    const { rows, columns } = this.matrix;
    const starts = Float64Array.from(await this.readIndices(indptr, firstRow, endRow - firstRow));
    for (const [i, start] of starts.entries()) {
      const row = firstRow + i;
      const least = i > 0 ? (starts[i - 1] ?? 0) : 0;
      const most = row === 0 ? 0 : Math.min(data.elementCount, i > 0 ? least + columns : Infinity);
      const from = row === rows ? data.elementCount : least;
      if (start >= from && start <= most) continue;
      const allowed = from === most ? `${most}` : `${from} to ${most}`;
      throw this.broken('indptr', `${start} entries before row ${row}`, allowed);
    }
    return starts;
  }

  private async readIndices(
    part: TensorEntry,
    first: number,
    count: number,
  ): Promise<ColumnIndices> {
    const elementBytes = part.storedElementBytes;
    const bytes = new Uint8Array(count * elementBytes);
    await readTensorBytes(this.model, part, first * elementBytes, bytes);
    if (!part.littleEndian) swapBytesInPlace(bytes, elementBytes);
    if (elementBytes === 4) return new Int32Array(bytes.buffer);
    return Float64Array.from(new BigInt64Array(bytes.buffer), Number);
  }

  private outOfOrder(indices: ColumnIndices, wrong: number, start: number): FormatError {
    const before = wrong > 0 ? ` after ${indices[wrong - 1] ?? 0}` : '';
    return this.broken(
      'indices',
      `column ${indices[wrong] ?? 0}${before}, at entry ${start + wrong}`,
      `columns 0 to ${this.matrix.columns - 1} that ascend in each row`,
    );
  }

  private broken(part: 'indices' | 'indptr' | 'data', found: string, allowed: string): FormatError {
    const place = `array ${JSON.stringify(this.arrays[part].name)}`;
    return new FormatError({ format: 'npz', place, found, allowed });
  }
}
