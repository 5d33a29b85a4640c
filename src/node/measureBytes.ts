import { once } from 'node:events';
import os from 'node:os';
import { createGzip, type Gzip } from 'node:zlib';
import type { ByteSource } from '../core/io';
import type { ByteSink, ModelSink, ScratchFile, WriteOrder } from '../core/model/modelSink';
import type { MeasuredBytes } from '../core/recipe/pipeline';
import { type CancelSignal, throwIfCancelled } from '../core/progress';
import { openScratchFile } from './scratchFile';

/**
 * The bytes that are written, and those that gzip (level 6, its default) makes of them, each file by itself. Files that
 * come in order are not kept; those written in any order are put together in a temporary file first.
 */
export async function measureBytes(
  write: (sink: ModelSink) => Promise<void>,
  signal: CancelSignal,
): Promise<MeasuredBytes> {
  const sink = new GzipSink(signal);
  try {
    await write(sink);
    return await sink.finish();
  } finally {
    await sink.close();
  }
}

const ASSURANCE = 'The sizes were not measured; the model is untouched.';

class GzipSink implements ModelSink {
  private readonly inOrder: GzipCounter[] = [];
  private readonly spooled: SpooledFile[] = [];

  constructor(private readonly signal: CancelSignal) {}

  async openFile(_source: ByteSource, order: WriteOrder): Promise<ByteSink> {
    if (order === 'ascending') {
      const counter = new GzipCounter(this.signal);
      this.inOrder.push(counter);
      return counter;
    }
    const file = new SpooledFile(await this.openScratch());
    this.spooled.push(file);
    return file;
  }

  openScratch(): Promise<ScratchFile> {
    return openScratchFile(os.tmpdir(), ASSURANCE);
  }

  async finish(): Promise<MeasuredBytes> {
    const counters = [...this.inOrder];
    for (const file of this.spooled) {
      const counter = new GzipCounter(this.signal);
      await file.replay(counter);
      counters.push(counter);
    }
    let gzip = 0;
    for (const counter of counters) gzip += await counter.finish();
    return { raw: counters.reduce((sum, counter) => sum + counter.byteLength, 0), gzip };
  }

  async close(): Promise<void> {
    for (const file of this.spooled) await file.close();
  }
}

/** Compressing a whole chunk takes longer than a cancel may. */
const SLICE_BYTES = 256 * 1024;

/** Bytes written in any order, to be read again in the file's. */
class SpooledFile implements ByteSink {
  private byteLength = 0;

  constructor(private readonly scratch: ScratchFile) {}

  async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    await this.scratch.write(byteOffset, bytes);
    this.byteLength = Math.max(this.byteLength, byteOffset + bytes.length);
  }

  async replay(sink: ByteSink): Promise<void> {
    for (let at = 0; at < this.byteLength; at += SLICE_BYTES) {
      const bytes = new Uint8Array(Math.min(SLICE_BYTES, this.byteLength - at));
      await this.scratch.readInto(at, bytes);
      await sink.write(at, bytes);
    }
  }

  close(): Promise<void> {
    return this.scratch.close();
  }
}

class GzipCounter implements ByteSink {
  private readonly gzip: Gzip = createGzip();
  private position = 0;
  private compressedBytes = 0;

  /** What has come in. */
  get byteLength(): number {
    return this.position;
  }

  constructor(private readonly signal: CancelSignal) {
    this.gzip.on('data', (chunk: Buffer) => {
      this.compressedBytes += chunk.length;
    });
  }

  /** Renewed checksums come out of order and are left out: four bytes of the same length. */
  async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    if (byteOffset !== this.position) return;
    this.position += bytes.length;
    for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
      throwIfCancelled(this.signal);
      await this.compress(bytes.subarray(start, start + SLICE_BYTES));
    }
  }

  /** The caller's buffer is reused after this promise, so the compressor must be done with it. */
  private compress(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async finish(): Promise<number> {
    const ended = once(this.gzip, 'end');
    this.gzip.end();
    await ended;
    return this.compressedBytes;
  }
}
