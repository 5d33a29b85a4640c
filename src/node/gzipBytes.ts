import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import type { ModelSink } from '../core/model/writeModel';
import { type CancelSignal, throwIfCancelled } from '../core/progress';

/**
 * The bytes that gzip (level 6, its default) makes of what is written, each file by itself. Nothing
 * is kept. Renewed checksums come out of order and are left out: four bytes of the same length.
 */
export async function gzipBytes(
  write: (sink: ModelSink) => Promise<void>,
  signal: CancelSignal,
): Promise<number> {
  const files: GzipCounter[] = [];
  await write({
    openFile() {
      const counter = new GzipCounter(signal);
      files.push(counter);
      return Promise.resolve(counter);
    },
  });
  let total = 0;
  for (const file of files) total += await file.finish();
  return total;
}

/** Compressing a whole chunk takes longer than a cancel may. */
const SLICE_BYTES = 256 * 1024;

class GzipCounter {
  private readonly gzip: Gzip = createGzip();
  private position = 0;
  private compressedBytes = 0;

  constructor(private readonly signal: CancelSignal) {
    this.gzip.on('data', (chunk: Buffer) => {
      this.compressedBytes += chunk.length;
    });
  }

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
