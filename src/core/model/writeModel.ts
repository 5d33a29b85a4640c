import type { ByteSource } from '../io';
import { CHUNK_BYTES } from '../limits';
import { type JobControl, throwIfCancelled } from '../progress';
import type { TensorCut } from '../report/plan';
import { isEmptyCut, makeCutFunction } from './applyCut';
import { ChecksumRenewal } from './checksumRenewal';
import { makeDecodeScratch } from './decodeValues';
import { EditedFile, type EditedTensor, regionsByFile } from './editedFile';
import { type Container, type Model, modelByteLength, type PartContent } from './model';
import type { ByteSink, ModelSink, ScratchFile } from './modelSink';

/**
 * Writes a model with some tensors cut. A file whose raw bytes hold them is copied with the cuts made
 * and its checksums renewed; one that holds them in encoded form writes itself anew. With no cuts
 * every file is byte-identical. Constant space: three chunks a file in hand.
 * @throws IoError, FormatError, CancelledError.
 */
export async function writeModel(
  model: Model,
  cuts: ReadonlyMap<string, TensorCut>,
  sink: ModelSink,
  control: JobControl,
): Promise<void> {
  const writer = new ModelWriter(model, cuts, sink, control);
  for (const [fileIndex, source] of model.files.entries()) {
    if (source.derived !== true) await writer.writeFile(fileIndex, source);
  }
}

class ModelWriter {
  private readonly regions: ReturnType<typeof regionsByFile>;
  private readonly changedFiles: ReadonlySet<number>;
  private readonly progress: WriteProgress;

  constructor(
    private readonly model: Model,
    cuts: ReadonlyMap<string, TensorCut>,
    private readonly sink: ModelSink,
    private readonly control: JobControl,
  ) {
    const edited = editedTensors(model, cuts);
    this.regions = regionsByFile(edited);
    this.changedFiles = changedFilesOf(model, new Set(this.regions.keys()));
    this.progress = new WriteProgress(this.totalBytes(), control);
  }

  async writeFile(fileIndex: number, source: ByteSource): Promise<void> {
    const containers = this.changedContainers(fileIndex);
    const order = containers.length === 0 ? 'ascending' : 'any';
    const target = await this.sink.openFile(source, order);
    const [container] = containers;
    if (container === undefined) await this.splice(fileIndex, target);
    else await this.rewrite(container, target);
  }

  /** Reading the next piece, changing this one and writing the last overlap. */
  private async splice(fileIndex: number, target: ByteSink): Promise<void> {
    const file = this.editedFile(fileIndex);
    const checksums = new ChecksumRenewal(this.model, fileIndex, file.editedSpans);
    let writing: Promise<void> = Promise.resolve();
    for await (const { piece, bytes } of file.pieces()) {
      checksums.add(piece.byteOffset, bytes);
      await writing;
      writing = target.write(piece.byteOffset, bytes);
      writing.catch(() => undefined);
      this.progress.advance(piece.byteLength, piece.region?.edited.tensor.name);
    }
    await writing;
    await checksums.write(target);
  }

  private async rewrite(container: Container, target: ByteSink): Promise<void> {
    const scratches: ScratchFile[] = [];
    try {
      const changed = new Map<number, PartContent>();
      for (const part of container.parts) {
        if (this.changedFiles.has(part)) changed.set(part, await this.partContent(part, scratches));
      }
      const file = this.editedFile(container.fileIndex);
      await container.rewrite({
        original: this.progress.counted(file),
        editedSpans: file.editedSpans,
        changed,
        changedFiles: this.changedFiles,
        newNames: this.sink.newNames ?? new Map(),
        sink: target,
        // The writer itself counts what is read.
        control: { signal: this.control.signal, report: () => undefined },
      });
    } finally {
      for (const scratch of scratches) await scratch.close();
    }
  }

  private async partContent(part: number, scratches: ScratchFile[]): Promise<PartContent> {
    const [container] = this.changedContainers(part);
    if (container === undefined) return this.splicedContent(part);
    const scratch = await this.sink.openScratch();
    scratches.push(scratch);
    const measured = new MeasuredSink(scratch);
    await this.rewrite(container, measured);
    return this.scratchContent(scratch, measured.byteLength);
  }

  private splicedContent(part: number): PartContent {
    const file = this.editedFile(part);
    const { progress } = this;
    return {
      byteLength: file.byteLength,
      async *chunks() {
        for await (const { piece, bytes } of file.pieces()) {
          progress.advance(bytes.length, piece.region?.edited.tensor.name);
          yield bytes;
        }
      },
    };
  }

  private scratchContent(scratch: ScratchFile, byteLength: number): PartContent {
    const { signal } = this.control;
    return {
      byteLength,
      async *chunks() {
        const buffer = new Uint8Array(Math.min(CHUNK_BYTES, byteLength));
        for (let at = 0; at < byteLength; at += buffer.length) {
          throwIfCancelled(signal);
          const bytes = buffer.subarray(0, Math.min(buffer.length, byteLength - at));
          await scratch.readInto(at, bytes);
          yield bytes;
        }
      },
    };
  }

  private editedFile(fileIndex: number): EditedFile {
    const source = this.model.files[fileIndex];
    if (source === undefined) throw new Error(`the model has no file ${fileIndex}`);
    const regions = this.regions.get(fileIndex) ?? [];
    return new EditedFile(this.model, source, regions, this.control.signal);
  }

  /** The container that a file is, where one of its parts, or a file that it names, changes. */
  private changedContainers(fileIndex: number): readonly Container[] {
    return (this.model.containers ?? []).filter(
      (container) =>
        container.fileIndex === fileIndex &&
        (container.parts.some((part) => this.changedFiles.has(part)) ||
          (container.refersTo ?? []).some((file) => this.isReplaced(file))),
    );
  }

  private isReplaced(fileIndex: number): boolean {
    const name = this.model.files[fileIndex]?.name ?? '';
    return this.changedFiles.has(fileIndex) || this.sink.newNames?.has(name) === true;
  }

  /** Every file once, and the decoded bytes of the parts that change. */
  private totalBytes(): number {
    let total = modelByteLength(this.model);
    for (const fileIndex of this.changedFiles) {
      const file = this.model.files[fileIndex];
      if (file?.derived === true) total += file.byteLength;
    }
    return total;
  }
}

function editedTensors(model: Model, cuts: ReadonlyMap<string, TensorCut>): EditedTensor[] {
  const scratch = makeDecodeScratch();
  return model.tensors.flatMap((tensor) => {
    const cut = cuts.get(tensor.name);
    if (cut === undefined || isEmptyCut(cut)) return [];
    return [{ tensor, applyCut: makeCutFunction(tensor, cut, scratch) }];
  });
}

/** The files that hold a cut tensor, and those that hold such a file. */
function changedFilesOf(model: Model, cutFiles: ReadonlySet<number>): ReadonlySet<number> {
  const holders = new Map<number, number>();
  for (const { fileIndex, parts } of model.containers ?? []) {
    for (const part of parts) holders.set(part, fileIndex);
  }
  const changed = new Set<number>();
  for (const cutFile of cutFiles) {
    let at: number | undefined = cutFile;
    while (at !== undefined && !changed.has(at)) {
      changed.add(at);
      const holder = holders.get(at);
      // Decoded bytes that no container takes back: no reader offers them for pruning.
      if (holder === undefined) assertStored(model, at);
      at = holder;
    }
  }
  return changed;
}

function assertStored(model: Model, fileIndex: number): void {
  const file = model.files[fileIndex];
  if (file?.derived === true) throw new Error(`${file.name} cannot be written back`);
}

/** Counts bytes as they are read; what a container reads twice never exceeds the whole. */
class WriteProgress {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly control: JobControl,
  ) {}

  advance(byteLength: number, item: string | undefined): void {
    this.done = Math.min(this.total, this.done + byteLength);
    this.control.report({
      phase: 'write',
      done: this.done,
      total: this.total,
      ...(item === undefined ? {} : { item }),
    });
  }

  counted(source: ByteSource): ByteSource {
    return {
      name: source.name,
      byteLength: source.byteLength,
      readInto: async (byteOffset, target) => {
        await source.readInto(byteOffset, target);
        this.advance(target.length, undefined);
      },
    };
  }
}

/** Knows where the last byte was written. */
class MeasuredSink implements ByteSink {
  byteLength = 0;

  constructor(private readonly sink: ByteSink) {}

  async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    await this.sink.write(byteOffset, bytes);
    this.byteLength = Math.max(this.byteLength, byteOffset + bytes.length);
  }
}
