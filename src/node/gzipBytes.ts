import { once } from 'node:events';
import { createGzip, type Gzip } from 'node:zlib';
import type { ModelSink } from '../core/model/writeModel';

/**
 * The bytes that gzip (level 6, its default) makes of what is written, each file by itself. Nothing
 * is kept. Renewed checksums come out of order and are left out: four bytes of the same length.
 */
export async function gzipBytes(write: (sink: ModelSink) => Promise<void>): Promise<number> {
  const files: GzipCounter[] = [];
  await write({
    openFile() {
      const counter = new GzipCounter();
      files.push(counter);
      return Promise.resolve(counter);
    },
  });
  let total = 0;
  for (const file of files) total += await file.finish();
  return total;
}

class GzipCounter {
  private readonly gzip: Gzip = createGzip();
  private position = 0;
  private compressedBytes = 0;

  constructor() {
    this.gzip.on('data', (chunk: Buffer) => {
      this.compressedBytes += chunk.length;
    });
  }

  async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    if (byteOffset !== this.position) return;
    this.position += bytes.length;
    // The caller's buffer is reused after this promise, so the compressor must be done with it.
    await new Promise<void>((resolve, reject) => {
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
