import { Readable } from 'node:stream';
import { createInflate, createInflateRaw } from 'node:zlib';
import { SecateurError } from '../core/errors';
import { type ByteSource, type DeflatedRange, readBytes } from '../core/io';
import { MAX_OPEN_INFLATERS } from '../core/limits';
import { brokenStream } from './compression';

const STEP_BYTES = 256 * 1024;

/** The sources whose cursor is kept, the one used last at the end. */
const open: InflatedSource[] = [];

/**
 * A deflate stream as a file. One cursor runs forward through it, so space is constant and reading in
 * order costs one pass; a read behind the cursor starts it again. Of many sources only those read last
 * keep their cursor.
 */
export class InflatedSource implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  readonly derived = true;
  private cursor: InflateCursor | null = null;
  /** Reads share the cursor, so they go one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly range: DeflatedRange) {
    this.name = range.name;
    this.byteLength = range.byteLength;
  }

  readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    const reading = this.last.then(() => this.read(byteOffset, target));
    this.last = reading.catch(() => undefined);
    return reading;
  }

  private async read(byteOffset: number, target: Uint8Array): Promise<void> {
    const end = byteOffset + target.length;
    if (end > this.byteLength) throw this.broken(`the end after ${this.byteLength} bytes`);
    const cursor = this.cursorAt(byteOffset);
    try {
      await cursor.skip(byteOffset - cursor.position);
      await cursor.fill(target);
      if (end < this.byteLength) {
        this.cursor = cursor;
        keepOpen(this);
      } else {
        // The stream must end where its container says: nobody else looks behind the last byte.
        await cursor.assertEnd();
        cursor.close();
      }
    } catch (error) {
      cursor.close();
      throw error instanceof SecateurError ? error : this.broken(messageOf(error));
    }
  }

  /** The kept cursor where it has not gone by, else a new one. It is the caller's until it is kept again. */
  private cursorAt(byteOffset: number): InflateCursor {
    const kept = this.cursor;
    this.cursor = null;
    if (kept !== null && kept.position <= byteOffset) return kept;
    kept?.close();
    return new InflateCursor(this.range);
  }

  /** Lets go of the cursor; the next read starts again. */
  closeCursor(): void {
    this.cursor?.close();
    this.cursor = null;
  }

  private broken(found: string): Error {
    return brokenStream(found, this.byteLength, this.range.place);
  }
}

function keepOpen(source: InflatedSource): void {
  const at = open.indexOf(source);
  if (at >= 0) open.splice(at, 1);
  open.push(source);
  if (open.length > MAX_OPEN_INFLATERS) open.shift()?.closeCursor();
}

class InflateCursor {
  position = 0;
  private readonly stream: Readable;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(private readonly range: DeflatedRange) {
    const inflater = range.wrapper === 'raw' ? createInflateRaw() : createInflate();
    const source = Readable.from(compressedChunks(range), { objectMode: false });
    source.on('error', (error) => inflater.destroy(error));
    inflater.on('close', () => source.destroy());
    this.stream = source.pipe(inflater);
    this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async skip(byteLength: number): Promise<void> {
    let left = byteLength;
    while (left > 0) left -= (await this.take(left)).length;
  }

  async fill(target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      const part = await this.take(target.length - filled);
      target.set(part, filled);
      filled += part.length;
    }
  }

  async assertEnd(): Promise<void> {
    if (this.rest.length > 0 || (await this.chunks.next()).done !== true) {
      throw brokenStream('more bytes', this.range.byteLength, this.range.place);
    }
  }

  close(): void {
    this.stream.destroy();
  }

  /** At most `limit` bytes, at least one. */
  private async take(limit: number): Promise<Uint8Array> {
    while (this.rest.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) {
        const { byteLength, place } = this.range;
        throw brokenStream(`the end after ${this.position} bytes`, byteLength, place);
      }
      this.rest = next.value;
    }
    const part = this.rest.subarray(0, limit);
    this.rest = this.rest.subarray(part.length);
    this.position += part.length;
    return part;
  }
}

async function* compressedChunks(range: DeflatedRange): AsyncGenerator<Uint8Array> {
  const { source, byteOffset, compressedBytes } = range;
  for (let at = 0; at < compressedBytes; at += STEP_BYTES) {
    yield await readBytes(source, byteOffset + at, Math.min(STEP_BYTES, compressedBytes - at));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
