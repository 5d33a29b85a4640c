import type { ByteSource } from '../../../io';
import { CHUNK_BYTES } from '../../../limits';
import type { ByteSink } from '../../../model/modelSink';
import { type JobControl, throwIfCancelled } from '../../../progress';

/** A run of a file to be written. */
export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly byteLength: number }
  /** Copied from the file that is rewritten. */
  | { readonly kind: 'copy'; readonly byteOffset: number; readonly byteLength: number }
  /** Made on the way; chunks are valid until the next one is asked for. */
  | {
      readonly kind: 'stream';
      readonly byteLength: number;
      readonly chunks: (control: JobControl) => AsyncIterable<Uint8Array>;
    };

/** Bytes that are known. */
export function bytesPiece(...parts: readonly Uint8Array[]): Piece {
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return { kind: 'bytes', bytes, byteLength: bytes.length };
}

/** A run of the file that is rewritten. */
export function copyPiece(start: number, end: number): Piece {
  return { kind: 'copy', byteOffset: start, byteLength: end - start };
}

/** Bytes of all pieces. */
export function totalBytes(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/**
 * Writes pieces one after the other.
 * @throws Error where a stream does not give its bytes; IoError, FormatError, CancelledError.
 */
export async function writePieces(
  source: ByteSource,
  pieces: readonly Piece[],
  sink: ByteSink,
  control: JobControl,
): Promise<void> {
  const total = totalBytes(pieces);
  let at = 0;
  for (const piece of pieces) {
    const start = at;
    for await (const bytes of chunksOf(source, piece, control)) {
      throwIfCancelled(control.signal);
      await sink.write(at, bytes);
      at += bytes.length;
      control.report({ phase: 'write', done: at, total });
    }
    if (at - start !== piece.byteLength) {
      throw new Error(`${at - start} bytes came for a piece of ${piece.byteLength}`);
    }
  }
}

async function* chunksOf(
  source: ByteSource,
  piece: Piece,
  control: JobControl,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (piece.kind === 'bytes') yield piece.bytes;
  else if (piece.kind === 'stream') yield* piece.chunks(control);
  else {
    const end = piece.byteOffset + piece.byteLength;
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, piece.byteLength));
    for (let at = piece.byteOffset; at < end; at += CHUNK_BYTES) {
      const bytes = buffer.subarray(0, Math.min(CHUNK_BYTES, end - at));
      await source.readInto(at, bytes);
      yield bytes;
    }
  }
}
