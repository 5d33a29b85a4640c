import { crc32 } from '../formats/zip/crc32';
import type { ByteSource } from '../io';
import { CHUNK_BYTES } from '../limits';
import { type JobControl, throwIfCancelled } from '../progress';
import type { TensorCut } from '../report/plan';
import { type CutFunction, isEmptyCut, makeCutFunction } from './applyCut';
import { makeDecodeScratch } from './decodeValues';
import {
  type ChecksummedRange,
  type Model,
  modelByteLength,
  type Span,
  type TensorEntry,
} from './model';
import { readTensorBytes } from './streamTensor';

/** One file being written; bytes may come in any order. */
export interface ByteSink {
  /** @throws IoError when writing fails. */
  write(byteOffset: number, bytes: Uint8Array): Promise<void>;
}

/** Where a model's files go; made for each stored file in turn. */
export interface ModelSink {
  openFile(source: ByteSource): Promise<ByteSink>;
}

/**
 * Writes a model with some tensors cut: every byte outside the cut tensors is copied, checksums over
 * them are renewed, so with no cuts the copy is byte-identical. Constant space: three chunks.
 * @throws IoError, FormatError, CancelledError.
 */
export async function writeModel(
  model: Model,
  cuts: ReadonlyMap<string, TensorCut>,
  sink: ModelSink,
  control: JobControl,
): Promise<void> {
  const writer = new ModelWriter(model, cuts, control);
  for (const [fileIndex, source] of model.files.entries()) {
    if (source.derived !== true) await writer.writeFile(fileIndex, await sink.openFile(source));
  }
}

/** A run of the file that is read, perhaps changed, and written as one. */
interface Piece {
  readonly byteOffset: number;
  readonly byteLength: number;
  /** The cut tensor that this run belongs to, and which of its bytes it holds. */
  readonly edit: { readonly edited: EditedTensor; readonly tensorOffset: number } | null;
}

interface EditedTensor {
  readonly tensor: TensorEntry;
  readonly applyCut: CutFunction;
}

class ModelWriter {
  private readonly edited: readonly EditedTensor[];
  private readonly totalBytes: number;
  private doneBytes = 0;
  private readonly buffers = [0, 1, 2].map(() => new ArrayBuffer(CHUNK_BYTES + ELEMENT_SLACK));

  constructor(
    private readonly model: Model,
    cuts: ReadonlyMap<string, TensorCut>,
    private readonly control: JobControl,
  ) {
    const scratch = makeDecodeScratch();
    this.totalBytes = modelByteLength(model);
    this.edited = model.tensors.flatMap((tensor) => {
      const cut = cuts.get(tensor.name);
      if (cut === undefined || isEmptyCut(cut)) return [];
      if (isInflated(model, tensor)) throw new Error(`${tensor.name} cannot be cut in place`);
      return [{ tensor, applyCut: makeCutFunction(tensor, cut, scratch) }];
    });
  }

  /** Reading the next piece, changing this one and writing the last overlap: one buffer each. */
  async writeFile(fileIndex: number, sink: ByteSink): Promise<void> {
    const source = this.model.files[fileIndex];
    if (source === undefined) return;
    const checksums = new ChecksumRenewal(this.model, fileIndex, this.edited);
    const pieces = [...this.piecesOf(fileIndex, source.byteLength)];
    let reading = this.startReading(source, pieces[0], 0);
    let writing: Promise<void> = Promise.resolve();
    for (const [index, piece] of pieces.entries()) {
      const bytes = await reading;
      throwIfCancelled(this.control.signal);
      reading = this.startReading(source, pieces[index + 1], index + 1);
      checksums.add(piece.byteOffset, bytes);
      await writing;
      writing = sink.write(piece.byteOffset, bytes);
      writing.catch(() => undefined);
      this.advance(piece);
    }
    await writing;
    await checksums.write(sink);
  }

  private startReading(
    source: ByteSource,
    piece: Piece | undefined,
    turn: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = this.buffers[turn % this.buffers.length];
    if (piece === undefined || buffer === undefined) return Promise.resolve(new Uint8Array(0));
    const reading =
      piece.edit === null
        ? readCopied(source, piece, buffer)
        : readEdited(this.model, piece, piece.edit, buffer);
    // A failure is thrown where the piece is awaited; until then it must not count as unhandled.
    reading.catch(() => undefined);
    return reading;
  }

  private *piecesOf(fileIndex: number, fileBytes: number): Generator<Piece> {
    let at = 0;
    for (const region of regionsOf(this.edited, fileIndex)) {
      yield* copied(at, region.span.byteOffset);
      yield* regionPieces(region);
      at = region.span.byteOffset + region.span.byteLength;
    }
    yield* copied(at, fileBytes);
  }

  private advance(piece: Piece): void {
    this.doneBytes += piece.byteLength;
    this.control.report({
      phase: 'write',
      done: this.doneBytes,
      total: this.totalBytes,
      ...(piece.edit === null ? {} : { item: piece.edit.edited.tensor.name }),
    });
  }
}

/** Room for the rest of the two elements that a shard's edges may cut. */
const ELEMENT_SLACK = 32;

/** The part of a cut tensor that lies in one file. */
interface Region {
  readonly edited: EditedTensor;
  readonly span: Span;
  readonly tensorOffset: number;
}

function regionsOf(edited: readonly EditedTensor[], fileIndex: number): Region[] {
  const regions: Region[] = [];
  for (const one of edited) {
    let tensorOffset = 0;
    for (const span of one.tensor.spans) {
      if (span.fileIndex === fileIndex) regions.push({ edited: one, span, tensorOffset });
      tensorOffset += span.byteLength;
    }
  }
  return regions.sort((a, b) => a.span.byteOffset - b.span.byteOffset);
}

function* regionPieces({ edited, span, tensorOffset }: Region): Generator<Piece> {
  // Pieces end where an element does, so that only a shard's own edge can cut one.
  const elementBytes = edited.tensor.storedElementBytes;
  const perPiece = Math.floor(CHUNK_BYTES / elementBytes) * elementBytes;
  const toBoundary = (elementBytes - (tensorOffset % elementBytes)) % elementBytes;
  let at = 0;
  while (at < span.byteLength) {
    const end = Math.min(span.byteLength, at + perPiece + (at === 0 ? toBoundary : 0));
    yield {
      byteOffset: span.byteOffset + at,
      byteLength: end - at,
      edit: { edited, tensorOffset: tensorOffset + at },
    };
    at = end;
  }
}

function* copied(start: number, end: number): Generator<Piece> {
  for (let byteOffset = start; byteOffset < end; byteOffset += CHUNK_BYTES) {
    yield { byteOffset, byteLength: Math.min(CHUNK_BYTES, end - byteOffset), edit: null };
  }
}

async function readCopied(
  source: ByteSource,
  piece: Piece,
  buffer: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(buffer, 0, piece.byteLength);
  await source.readInto(piece.byteOffset, bytes);
  return bytes;
}

/** Reads the whole elements that the piece touches, cuts them, and returns the piece's own bytes. */
async function readEdited(
  model: Model,
  piece: Piece,
  { edited, tensorOffset }: NonNullable<Piece['edit']>,
  buffer: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const elementBytes = edited.tensor.storedElementBytes;
  const firstElement = Math.floor(tensorOffset / elementBytes);
  const endElement = Math.ceil((tensorOffset + piece.byteLength) / elementBytes);
  const elements = new Uint8Array(buffer, 0, (endElement - firstElement) * elementBytes);
  await readTensorBytes(model, edited.tensor, firstElement * elementBytes, elements);
  edited.applyCut(elements, firstElement);
  const skipped = tensorOffset - firstElement * elementBytes;
  return elements.subarray(skipped, skipped + piece.byteLength);
}

/** Takes the checksum of every range that holds a cut tensor from the bytes as they are written. */
class ChecksumRenewal {
  /** In the file's order; ranges do not overlap. */
  private readonly renewed: readonly RenewedRange[];
  /** The first range that bytes to come may belong to. */
  private next = 0;

  constructor(model: Model, fileIndex: number, edited: readonly EditedTensor[]) {
    const starts = regionsOf(edited, fileIndex).map(({ span }) => span.byteOffset);
    this.renewed = model.checksums
      .filter(({ span }) => span.fileIndex === fileIndex && holdsOneOf(span, starts))
      .map(({ span, crcOffsets }) => ({ span, crcOffsets, checksum: 0 }))
      .sort((a, b) => a.span.byteOffset - b.span.byteOffset);
  }

  /** Bytes come in the file's order without gaps. */
  add(byteOffset: number, bytes: Uint8Array): void {
    const end = byteOffset + bytes.length;
    for (let i = this.next; i < this.renewed.length; i++) {
      const range = this.renewed[i];
      if (range === undefined || range.span.byteOffset >= end) return;
      const rangeEnd = range.span.byteOffset + range.span.byteLength;
      const from = Math.max(byteOffset, range.span.byteOffset);
      const part = bytes.subarray(from - byteOffset, Math.min(end, rangeEnd) - byteOffset);
      range.checksum = crc32(part, range.checksum);
      if (rangeEnd <= end) this.next = i + 1;
    }
  }

  async write(sink: ByteSink): Promise<void> {
    for (const { checksum, crcOffsets } of this.renewed) {
      const field = new Uint8Array(4);
      new DataView(field.buffer).setUint32(0, checksum, true);
      for (const { byteOffset } of crcOffsets) await sink.write(byteOffset, field);
    }
  }
}

interface RenewedRange extends Pick<ChecksummedRange, 'span' | 'crcOffsets'> {
  checksum: number;
}

/** @param starts ascending */
function holdsOneOf(range: Span, starts: readonly number[]): boolean {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) < range.byteOffset) low = middle + 1;
    else high = middle;
  }
  const first = starts[low];
  return first !== undefined && first < range.byteOffset + range.byteLength;
}

function isInflated(model: Model, { spans }: TensorEntry): boolean {
  return spans.some(({ fileIndex }) => model.files[fileIndex]?.derived === true);
}
