import { type ByteSource, readBytes } from '../io';
import { CHUNK_BYTES } from '../limits';
import { type Model, storedByteLength, type TensorEntry } from './model';
import { type SpanPart, spanParts } from './tensorSpans';

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

/** Spans that lie closer together than this are read with what lies between them. */
const MAX_GAP_BYTES = 4096;

/** Fills `target` with a tensor's stored bytes from `byteOffset` on, across its spans. */
export async function readTensorBytes(
  model: Model,
  tensor: TensorEntry,
  byteOffset: number,
  target: Uint8Array,
): Promise<void> {
  let group: SpanPart[] = [];
  for (const part of spanParts(tensor, byteOffset, byteOffset + target.length)) {
    if (!continuesGroup(group, part)) {
      await readGroup(model, group, byteOffset, target);
      group = [];
    }
    group.push(part);
  }
  await readGroup(model, group, byteOffset, target);
}

/** Whether a part is read in one piece with those before it: a strided view has many small runs. */
function continuesGroup(group: readonly SpanPart[], part: SpanPart): boolean {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return true;
  const gap = part.byteOffset - (last.byteOffset + last.byteLength);
  const whole = part.byteOffset + part.byteLength - first.byteOffset;
  const near = gap >= 0 && gap <= MAX_GAP_BYTES && whole <= CHUNK_BYTES;
  return near && part.fileIndex === last.fileIndex;
}

async function readGroup(
  model: Model,
  group: readonly SpanPart[],
  byteOffset: number,
  target: Uint8Array,
): Promise<void> {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return;
  const file = fileAt(model, first.fileIndex);
  if (first === last) {
    const at = first.tensorOffset - byteOffset;
    await file.readInto(first.byteOffset, target.subarray(at, at + first.byteLength));
    return;
  }
  const end = last.byteOffset + last.byteLength;
  const bytes = await readBytes(file, first.byteOffset, end - first.byteOffset);
  for (const part of group) {
    const at = part.byteOffset - first.byteOffset;
    target.set(bytes.subarray(at, at + part.byteLength), part.tensorOffset - byteOffset);
  }
}

function fileAt(model: Model, fileIndex: number): ByteSource {
  const file = model.files[fileIndex];
  if (file === undefined) throw new Error(`the model has no file ${fileIndex}`);
  return file;
}
