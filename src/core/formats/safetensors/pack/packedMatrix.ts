import { FormatError } from '../../../errors';
import { type ByteSource, readBytes } from '../../../io';
import { countBits, scatterKept, takeBits } from '../../../kernels/packKernels';
import { CHUNK_BYTES } from '../../../limits';
import type { TensorEntry } from '../../../model/model';
import { type MatrixShape, matrixShape } from '../../../pack/countKept';
import { fillFromElements } from '../../../pack/fillFromElements';
import { partName } from './bitmaskLayout';

/** Where the parts of a packed tensor begin in the file. */
export interface MatrixParts {
  readonly kept: number;
  readonly rowOffsets: number;
  readonly values: number;
  readonly bitmask: number;
}

/** Elements that are decoded at once: each takes a flag, and up to 8 bytes for the row that it may begin. */
const PIECE_ELEMENTS = CHUNK_BYTES / 8;

/**
 * A tensor without its zeros, read as if they were there. Reading on from where the last read ended costs
 * nothing extra; elsewhere the bits from the start of the row are counted first.
 */
export class PackedMatrix {
  private readonly matrix: MatrixShape;
  private readonly rowBytes: number;
  /** Up to which element the file has been read last, and how many values that took. */
  private last = { element: 0, value: 0 };

  constructor(
    private readonly source: ByteSource,
    private readonly tensor: TensorEntry,
    private readonly parts: MatrixParts,
  ) {
    this.matrix = matrixShape(tensor.shape);
    this.rowBytes = Math.ceil(this.matrix.columns / 8);
  }

  /**
   * Fills `target` with the tensor's bytes from `byteOffset` on.
   * @throws FormatError where bitmask, row offsets and values contradict each other; IoError.
   */
  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    await fillFromElements(target, byteOffset, {
      elementBytes: this.tensor.storedElementBytes,
      pieceElements: PIECE_ELEMENTS,
      readElements: (first, count) => this.readElements(first, count),
    });
  }

  private async readElements(first: number, count: number): Promise<Uint8Array> {
    const { columns } = this.matrix;
    const elementBytes = this.tensor.storedElementBytes;
    const flags = new Uint8Array(count);
    const bits = await this.readBits(first, count);
    if (!takeBits(bits, { column: first % columns, columns }, flags)) {
      throw this.broken('bitmask', 'bits beyond the end of a row', 'zeros there');
    }
    const value = await this.valueIndex(first);
    const kept = await this.checkRows(first, flags, value);
    const values = await readBytes(
      this.source,
      this.parts.values + value * elementBytes,
      kept * elementBytes,
    );
    this.last = { element: first + count, value: value + kept };
    const bytes = new Uint8Array(count * elementBytes);
    scatterKept(values, elementBytes, flags, bytes);
    return bytes;
  }

  private readBits(first: number, count: number): Promise<Uint8Array> {
    const start = this.byteOfBit(first);
    return readBytes(
      this.source,
      this.parts.bitmask + start,
      this.byteOfBit(first + count - 1) + 1 - start,
    );
  }

  private byteOfBit(element: number): number {
    const { columns } = this.matrix;
    const row = Math.floor(element / columns);
    return row * this.rowBytes + Math.floor((element - row * columns) / 8);
  }

  /** How many elements are kept before one. */
  private async valueIndex(element: number): Promise<number> {
    const { last } = this;
    if (last.element === element) return last.value;
    const { columns } = this.matrix;
    const row = Math.floor(element / columns);
    const [offset = 0] = await this.readRowOffsets(row, 1);
    const before = await this.countRowBits(row, element - row * columns);
    if (offset + before > this.parts.kept) throw this.tooMany(offset + before);
    return offset + before;
  }

  private async countRowBits(row: number, bitCount: number): Promise<number> {
    const start = this.parts.bitmask + row * this.rowBytes;
    let count = 0;
    for (let bit = 0; bit < bitCount; bit += CHUNK_BYTES) {
      const some = Math.min(CHUNK_BYTES, bitCount - bit);
      count += countBits(await readBytes(this.source, start + bit / 8, Math.ceil(some / 8)), some);
    }
    return count;
  }

  private async readRowOffsets(row: number, count: number): Promise<Float64Array> {
    const bytes = await readBytes(this.source, this.parts.rowOffsets + 8 * row, 8 * count);
    const offsets = Float64Array.from(new BigInt64Array(bytes.buffer), Number);
    const wrong = offsets.find((offset) => offset < 0 || offset > this.parts.kept);
    if (wrong === undefined) return offsets;
    throw this.broken('row_offsets', `offset ${wrong}`, `0 to ${this.parts.kept}`);
  }

  /** Counts the marked elements, and compares with the offsets of the rows that begin among them. */
  private async checkRows(first: number, flags: Uint8Array, value: number): Promise<number> {
    const { columns } = this.matrix;
    const firstRow = Math.ceil(first / columns);
    const endRow = Math.ceil((first + flags.length) / columns);
    const offsets = await this.readRowOffsets(firstRow, endRow - firstRow);
    let kept = 0;
    let at = 0;
    for (const [i, offset] of offsets.entries()) {
      const rowStart = (firstRow + i) * columns - first;
      for (; at < rowStart; at++) kept += flags[at] ?? 0;
      if (offset === value + kept) continue;
      const found = `${offset} kept elements before row ${firstRow + i}`;
      throw this.broken('row_offsets', found, `${value + kept}, as the bitmask says`);
    }
    for (; at < flags.length; at++) kept += flags[at] ?? 0;
    const isEnd = first + flags.length === this.tensor.elementCount;
    if (value + kept > this.parts.kept || (isEnd && value + kept < this.parts.kept)) {
      throw this.tooMany(value + kept);
    }
    return kept;
  }

  private tooMany(bits: number): FormatError {
    return this.broken('bitmask', `${bits} bits set`, `${this.parts.kept}, one for each value`);
  }

  private broken(part: 'bitmask' | 'row_offsets', found: string, allowed: string): FormatError {
    const byteOffset = part === 'bitmask' ? this.parts.bitmask : this.parts.rowOffsets;
    const place = `tensor ${JSON.stringify(partName(this.tensor.name, part))}`;
    return new FormatError({ format: 'safetensors', place, found, allowed, byteOffset });
  }
}
