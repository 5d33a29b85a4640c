import type { ByteSource } from '../../core/io';
import { cutsByTensor } from '../../core/model/applyCut';
import type { Model } from '../../core/model/model';
import type { ByteSink, ModelSink, ScratchFile } from '../../core/model/modelSink';
import { writeModel } from '../../core/model/writeModel';
import { unattended } from '../../core/progress';
import type { PlanEntry } from '../../core/report/plan';

/** A model's files in memory: the one with the graph, and those with external data by their names. */
export interface MemoryModel {
  readonly main: Uint8Array<ArrayBuffer>;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array<ArrayBuffer> }[];
}

/**
 * Writes a model into memory as it would be written to disk, with the cuts of a plan made.
 * @throws FormatError, IoError as reading does.
 */
export async function writeToMemory(
  model: Model,
  cuts: readonly PlanEntry[],
): Promise<MemoryModel> {
  const sink = new MemorySink();
  await writeModel(model, cutsByTensor(cuts), sink, unattended);
  const [first, ...others] = sink.files;
  if (first === undefined) throw new Error(`${model.formatLabel} has no file`);
  const external = others.map(({ name, file }) => ({ path: name, data: file.bytes() }));
  return { main: first.file.bytes(), external };
}

class MemorySink implements ModelSink {
  readonly files: { readonly name: string; readonly file: MemoryFile }[] = [];

  openFile({ name, byteLength }: ByteSource): Promise<ByteSink> {
    const file = new MemoryFile(byteLength);
    this.files.push({ name, file });
    return Promise.resolve(file);
  }

  openScratch(): Promise<ScratchFile> {
    return Promise.resolve(new MemoryFile(0));
  }
}

/** Grows as it is written. */
class MemoryFile implements ScratchFile {
  private buffer: Uint8Array<ArrayBuffer>;
  private byteLength = 0;

  /** @param expectedBytes known beforehand, so that it need not grow */
  constructor(expectedBytes: number) {
    this.buffer = new Uint8Array(expectedBytes);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.byteLength);
  }

  write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    const end = byteOffset + bytes.length;
    if (end > this.buffer.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.buffer.length));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer.set(bytes, byteOffset);
    this.byteLength = Math.max(this.byteLength, end);
    return Promise.resolve();
  }

  readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    target.set(this.buffer.subarray(byteOffset, byteOffset + target.length));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.buffer = new Uint8Array(0);
    this.byteLength = 0;
    return Promise.resolve();
  }
}
