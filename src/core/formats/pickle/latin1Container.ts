import { encodeLatin1 } from '../../kernels/latin1Kernel';
import type { Container, RewriteJob } from '../../model/model';
import { throwIfCancelled } from '../../progress';
import { CHUNK_BYTES } from '../../limits';

/** A text of the pickle that stands for bytes, which are a derived file of the model. */
export interface TextPart {
  readonly fileIndex: number;
  /** Where the text begins, right after its length. */
  readonly byteOffset: number;
  readonly textBytes: number;
  /** Bytes of the length; 4 in protocol 2. */
  readonly lengthBytes: number;
  /** Bytes that the text stands for. */
  readonly byteLength: number;
}

const LENGTH_BYTES = 4;
/** A byte may become two. */
const HALF_BYTES = CHUNK_BYTES / 2;

/**
 * A pickle of protocol 2 that holds arrays as text: a changed array's text may be shorter or longer, so
 * its length is written anew and what follows moves. Nothing in such a pickle counts offsets.
 * @param parts texts of 4 bytes of length, in any order
 */
export function latin1Container(fileIndex: number, parts: readonly TextPart[]): Container {
  const inOrder = [...parts].sort((a, b) => a.byteOffset - b.byteOffset);
  return {
    fileIndex,
    parts: inOrder.map((part) => part.fileIndex),
    rewrite: (job) => rewrite(inOrder, job),
  };
}

async function rewrite(parts: readonly TextPart[], job: RewriteJob): Promise<void> {
  const writer = new Rewriter(job);
  let at = 0;
  for (const part of parts) {
    const content = job.changed.get(part.fileIndex);
    if (content === undefined) continue;
    await writer.copy(at, part.byteOffset - LENGTH_BYTES);
    await writer.writeText(content.chunks());
    at = part.byteOffset + part.textBytes;
  }
  await writer.copy(at, job.original.byteLength);
}

class Rewriter {
  private written = 0;
  private readonly buffer = new Uint8Array(CHUNK_BYTES);

  constructor(private readonly job: RewriteJob) {}

  async copy(start: number, end: number): Promise<void> {
    for (let at = start; at < end; at += this.buffer.length) {
      throwIfCancelled(this.job.control.signal);
      const bytes = this.buffer.subarray(0, Math.min(this.buffer.length, end - at));
      await this.job.original.readInto(at, bytes);
      await this.write(bytes);
    }
  }

  /** The length is known, and written, after the text. */
  async writeText(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const lengthOffset = this.written;
    this.written += LENGTH_BYTES;
    for await (const chunk of chunks) {
      throwIfCancelled(this.job.control.signal);
      for (let at = 0; at < chunk.length; at += HALF_BYTES) {
        const textBytes = encodeLatin1(chunk.subarray(at, at + HALF_BYTES), this.buffer);
        await this.write(this.buffer.subarray(0, textBytes));
      }
    }
    const length = new Uint8Array(LENGTH_BYTES);
    const textBytes = this.written - lengthOffset - LENGTH_BYTES;
    new DataView(length.buffer).setUint32(0, textBytes, true);
    await this.job.sink.write(lengthOffset, length);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await this.job.sink.write(this.written, bytes);
    this.written += bytes.length;
  }
}
