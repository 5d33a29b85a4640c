import type { ByteSource } from '../io';
import { CHUNK_BYTES } from '../limits';
import { type Model, storedByteLength, type TensorEntry } from './model';

/** Whole stored elements of a tensor. The bytes are only valid until the next chunk is asked for. */
export interface TensorChunk {
  readonly firstElement: number;
  readonly elementCount: number;
  /** At the start of its buffer, so that typed views are aligned. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads tensors chunk by chunk in constant space: two buffers in turn, so that the next chunk is
 * read while one is worked on. One tensor at a time.
 */
export class TensorStreamer {
  private readonly buffers: [ArrayBuffer, ArrayBuffer] = [new ArrayBuffer(0), new ArrayBuffer(0)];

  constructor(
    private readonly model: Model,
    private readonly chunkBytes: number = CHUNK_BYTES,
  ) {}

  /** @throws IoError, FormatError as the byte sources do. */
  async *chunks(tensor: TensorEntry): AsyncGenerator<TensorChunk, void, undefined> {
    // A multiple of 8 elements, so that packed ones fill whole bytes.
    const perChunk = Math.max(8, Math.floor(this.chunkBytes / tensor.storedElementBytes / 8) * 8);
    const chunkCount = Math.ceil(tensor.elementCount / perChunk);
    const read = (index: number): Promise<TensorChunk> => {
      const first = index * perChunk;
      const count = Math.min(perChunk, tensor.elementCount - first);
      const reading = this.readChunk(tensor, index % 2 === 0 ? 0 : 1, { first, count });
      // A failure is thrown where the chunk is awaited; until then it must not count as unhandled.
      reading.catch(() => undefined);
      return reading;
    };
    let next = chunkCount > 0 ? read(0) : null;
    for (let index = 0; next !== null; index++) {
      const chunk = await next;
      next = index + 1 < chunkCount ? read(index + 1) : null;
      yield chunk;
    }
  }

  private async readChunk(
    tensor: TensorEntry,
    bufferIndex: 0 | 1,
    range: { readonly first: number; readonly count: number },
  ): Promise<TensorChunk> {
    const byteLength = storedByteLength(tensor, range.count);
    if (this.buffers[bufferIndex].byteLength < byteLength) {
      this.buffers[bufferIndex] = new ArrayBuffer(byteLength);
    }
    const bytes = new Uint8Array(this.buffers[bufferIndex], 0, byteLength);
    await readTensorBytes(this.model, tensor, range.first * tensor.storedElementBytes, bytes);
    return { firstElement: range.first, elementCount: range.count, bytes };
  }
}

/** Fills `target` with a tensor's stored bytes from `byteOffset` on, across its spans. */
export async function readTensorBytes(
  model: Model,
  tensor: TensorEntry,
  byteOffset: number,
  target: Uint8Array,
): Promise<void> {
  const end = byteOffset + target.length;
  let spanStart = 0;
  for (const span of tensor.spans) {
    const from = Math.max(byteOffset, spanStart);
    const to = Math.min(end, spanStart + span.byteLength);
    if (from < to) {
      const part = target.subarray(from - byteOffset, to - byteOffset);
      await fileAt(model, span.fileIndex).readInto(span.byteOffset + from - spanStart, part);
    }
    spanStart += span.byteLength;
  }
}

function fileAt(model: Model, fileIndex: number): ByteSource {
  const file = model.files[fileIndex];
  if (file === undefined) throw new Error(`the model has no file ${fileIndex}`);
  return file;
}
