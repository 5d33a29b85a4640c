import type { ByteSource } from '../io';
import { CHUNK_BYTES } from '../limits';
import { type CancelSignal, throwIfCancelled } from '../progress';
import type { CutFunction } from './applyCut';
import type { Model, Span, TensorEntry } from './model';
import { readTensorBytes } from './streamTensor';
import { lastAtMost } from './tensorSpans';

/** A tensor with what is to be done to its bytes. */
export interface EditedTensor {
  readonly tensor: TensorEntry;
  readonly applyCut: CutFunction;
}

/** The part of a cut tensor that lies in one run of a file. */
interface Region {
  readonly edited: EditedTensor;
  readonly span: Span;
  /** Where the run begins within the tensor's stored bytes. */
  readonly tensorOffset: number;
}

/** A run of the file that is read, perhaps changed, and written as one. */
export interface Piece {
  readonly byteOffset: number;
  readonly byteLength: number;
  /** The region whose bytes these are, where they are nothing else. */
  readonly region: Region | null;
}

/** Room for the rest of the two elements that a shard's edges may cut. */
const ELEMENT_SLACK = 32;

/** Regions from here on are read as pieces of their own, which saves a copy; smaller ones with what is around. */
const OWN_PIECE_BYTES = 64 * 1024;

/** The regions of all cut tensors by file, in the order of the file. */
export function regionsByFile(
  edited: readonly EditedTensor[],
): ReadonlyMap<number, readonly Region[]> {
  const byFile = new Map<number, Region[]>();
  for (const one of edited) {
    let tensorOffset = 0;
    for (const span of one.tensor.spans) {
      const regions = byFile.get(span.fileIndex) ?? [];
      byFile.set(span.fileIndex, regions);
      if (span.byteLength > 0) regions.push({ edited: one, span, tensorOffset });
      tensorOffset += span.byteLength;
    }
  }
  for (const regions of byFile.values()) {
    regions.sort((a, b) => a.span.byteOffset - b.span.byteOffset);
  }
  return byFile;
}

/**
 * A file of the model as it will be: the cuts of its tensors are made as its bytes are read. As long
 * as the original; constant space.
 */
export class EditedFile implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  private readonly starts: Float64Array;

  constructor(
    private readonly model: Model,
    private readonly source: ByteSource,
    private readonly regions: readonly Region[],
    private readonly signal: CancelSignal,
  ) {
    this.name = source.name;
    this.byteLength = source.byteLength;
    this.starts = Float64Array.from(regions, ({ span }) => span.byteOffset);
  }

  /** The runs that the cuts may change, in the order of the file. */
  get editedSpans(): readonly Span[] {
    return this.regions.map(({ span }) => span);
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    throwIfCancelled(this.signal);
    await this.source.readInto(byteOffset, target);
    await this.patch(byteOffset, target);
  }

  /**
   * The whole file from its start, reading one piece ahead. The bytes of a piece stay valid until the
   * second piece after it is asked for.
   * @throws CancelledError and what the byte sources throw.
   */
  async *pieces(): AsyncGenerator<
    { readonly piece: Piece; readonly bytes: Uint8Array<ArrayBuffer> },
    void,
    undefined
  > {
    const pieces = this.planPieces();
    const bufferBytes = Math.min(CHUNK_BYTES, this.byteLength) + ELEMENT_SLACK;
    const buffers = [0, 1, 2].map(() => new ArrayBuffer(bufferBytes));
    const read = (): { piece: Piece; reading: Promise<Uint8Array<ArrayBuffer>> } | null => {
      const next = pieces.next();
      const buffer = buffers.shift();
      if (next.done === true || buffer === undefined) return null;
      buffers.push(buffer);
      const reading = this.readPiece(next.value, buffer);
      // A failure is thrown where the piece is awaited; until then it must not count as unhandled.
      reading.catch(() => undefined);
      return { piece: next.value, reading };
    };
    for (let next = read(); next !== null;) {
      const { piece, reading } = next;
      const bytes = await reading;
      throwIfCancelled(this.signal);
      next = read();
      yield { piece, bytes };
    }
  }

  private *planPieces(): Generator<Piece, void, undefined> {
    let at = 0;
    for (const region of this.regions) {
      const { byteOffset, byteLength } = region.span;
      if (byteLength < OWN_PIECE_BYTES) continue;
      yield* copiedPieces(at, byteOffset);
      yield* regionPieces(region);
      at = byteOffset + byteLength;
    }
    yield* copiedPieces(at, this.byteLength);
  }

  private async readPiece(piece: Piece, buffer: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
    if (piece.region !== null) return this.readCut(piece.region, piece, buffer);
    const bytes = new Uint8Array(buffer, 0, piece.byteLength);
    await this.source.readInto(piece.byteOffset, bytes);
    await this.patch(piece.byteOffset, bytes);
    return bytes;
  }

  /** Reads the whole elements that a range of a region touches, cuts them, and returns the range's own bytes. */
  private async readCut(
    { edited, span, tensorOffset }: Region,
    range: { readonly byteOffset: number; readonly byteLength: number },
    buffer: ArrayBuffer,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const elementBytes = edited.tensor.storedElementBytes;
    const start = tensorOffset + range.byteOffset - span.byteOffset;
    const firstElement = Math.floor(start / elementBytes);
    const endElement = Math.ceil((start + range.byteLength) / elementBytes);
    const elements = new Uint8Array(buffer, 0, (endElement - firstElement) * elementBytes);
    await readTensorBytes(this.model, edited.tensor, firstElement * elementBytes, elements);
    edited.applyCut(elements, firstElement);
    const skipped = start - firstElement * elementBytes;
    return elements.subarray(skipped, skipped + range.byteLength);
  }

  /** Makes the cuts within bytes that were read from the original. */
  private async patch(byteOffset: number, bytes: Uint8Array): Promise<void> {
    const end = byteOffset + bytes.length;
    for (let i = lastAtMost(this.starts, byteOffset); i < this.regions.length; i++) {
      const region = this.regions[i];
      if (region === undefined || region.span.byteOffset >= end) return;
      const from = Math.max(byteOffset, region.span.byteOffset);
      const to = Math.min(end, region.span.byteOffset + region.span.byteLength);
      if (from < to)
        await this.patchRegion(region, from, bytes.subarray(from - byteOffset, to - byteOffset));
    }
  }

  private async patchRegion(region: Region, byteOffset: number, bytes: Uint8Array): Promise<void> {
    const { edited, span, tensorOffset } = region;
    const elementBytes = edited.tensor.storedElementBytes;
    const start = tensorOffset + byteOffset - span.byteOffset;
    if (start % elementBytes === 0 && bytes.length % elementBytes === 0) {
      const aligned = bytes.slice();
      edited.applyCut(aligned, start / elementBytes);
      bytes.set(aligned);
      return;
    }
    // An edge cuts an element: its other part must be read too.
    const buffer = new ArrayBuffer(bytes.length + ELEMENT_SLACK);
    bytes.set(await this.readCut(region, { byteOffset, byteLength: bytes.length }, buffer));
  }
}

function* regionPieces(region: Region): Generator<Piece, void, undefined> {
  const { edited, span, tensorOffset } = region;
  // Pieces end where an element does, so that only a shard's own edge can cut one.
  const elementBytes = edited.tensor.storedElementBytes;
  const perPiece = Math.floor(CHUNK_BYTES / elementBytes) * elementBytes;
  const toBoundary = (elementBytes - (tensorOffset % elementBytes)) % elementBytes;
  let at = 0;
  while (at < span.byteLength) {
    const wanted = at === 0 && toBoundary > 0 ? toBoundary : perPiece;
    const end = Math.min(span.byteLength, at + wanted);
    yield { byteOffset: span.byteOffset + at, byteLength: end - at, region };
    at = end;
  }
}

function* copiedPieces(start: number, end: number): Generator<Piece, void, undefined> {
  for (let byteOffset = start; byteOffset < end; byteOffset += CHUNK_BYTES) {
    yield { byteOffset, byteLength: Math.min(CHUNK_BYTES, end - byteOffset), region: null };
  }
}
