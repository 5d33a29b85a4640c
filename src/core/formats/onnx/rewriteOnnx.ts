import { UnsupportedError } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { replaceVarintsInPlace } from '../../kernels/varintKernel';
import { CHUNK_BYTES } from '../../limits';
import type { PartContent, RewriteJob } from '../../model/model';
import { throwIfCancelled } from '../../progress';
import type { Reference } from './onnxContainer';
import { type LengthEdit, withNewLengths } from './protobuf/lengthEdits';
import type { VarintPart } from './tensorEntries';

/** What of an ONNX file may have to be written anew. */
export interface Rewritable {
  readonly varintParts: readonly VarintPart[];
  readonly references: readonly Reference[];
  readonly files: readonly ByteSource[];
}

/**
 * Writes the main file with new numbers in place of varints (each as long as the old one), and with the
 * new names of the files that hold other tensors; the lengths of the messages around a name are
 * renewed with it. A checksum of a file that has changed is left out. All other bytes are copied.
 * @throws IoError, FormatError, CancelledError.
 */
export async function rewriteOnnx(job: RewriteJob, rewritable: Rewritable): Promise<void> {
  const edits = withNewLengths(referenceEdits(job, rewritable));
  const output = new Output(job);
  const changed = rewritable.varintParts.flatMap(({ fileIndex, source }) => {
    const content = job.changed.get(fileIndex);
    return content === undefined ? [] : [{ source, content: new ContentReader(content) }];
  });
  // The runs of a part stand in the order of its content.
  const runs = changed.flatMap(({ source, content }) =>
    source.runs.map((run) => ({ ...run, numberBytes: source.numberBytes, content })),
  );
  const pieces: Piece[] = [
    ...edits.map((edit) => ({ kind: 'edit' as const, ...edit })),
    ...runs.map((run) => ({ kind: 'run' as const, ...run })),
  ].sort((a, b) => a.byteOffset - b.byteOffset);
  let at = 0;
  for (const piece of pieces) {
    await output.copy(at, piece.byteOffset);
    if (piece.kind === 'edit') await output.append(piece.bytes);
    else await output.renumber(piece);
    at = piece.byteOffset + piece.byteLength;
  }
  await output.copy(at, job.original.byteLength);
}

interface Run {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly numberBytes: number;
  readonly content: ContentReader;
}

type Piece =
  | ({ readonly kind: 'edit'; readonly bytes: Uint8Array } & Pick<Run, 'byteOffset' | 'byteLength'>)
  | ({ readonly kind: 'run' } & Run);

function referenceEdits(job: RewriteJob, { references, files }: Rewritable): readonly LengthEdit[] {
  return references.flatMap(({ fileIndex, data }): LengthEdit[] => {
    const edits: LengthEdit[] = [];
    const newName = job.newNames.get(files[fileIndex]?.name ?? '');
    if (newName !== undefined && data.locationText !== null) {
      const { byteOffset, byteLength, lengthOffset, parent } = data.locationText;
      const around = { byteOffset, byteLength, lengthOffset, parent };
      edits.push({
        byteOffset,
        byteLength,
        bytes: asLocation(newName),
        within: around,
      });
    }
    if (data.checksum !== null && job.changedFiles.has(fileIndex)) {
      const { range, parent } = data.checksum;
      edits.push({ ...range, bytes: new Uint8Array(0), within: parent });
    }
    return edits;
  });
}

/** Locations are written with slashes on every system. */
function asLocation(name: string): Uint8Array {
  return new TextEncoder().encode(name.replaceAll('\\', '/'));
}

/** Writes the new file from its start to its end. */
class Output {
  private written = 0;
  private readonly buffer = new Uint8Array(CHUNK_BYTES);

  constructor(private readonly job: RewriteJob) {}

  async copy(from: number, to: number): Promise<void> {
    for (let at = from; at < to; at += CHUNK_BYTES) {
      throwIfCancelled(this.job.control.signal);
      const bytes = this.buffer.subarray(0, Math.min(CHUNK_BYTES, to - at));
      await this.job.original.readInto(at, bytes);
      await this.append(bytes);
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.job.sink.write(this.written, bytes);
    this.written += bytes.length;
  }

  async renumber({ byteOffset, byteLength, numberBytes, content }: Run): Promise<void> {
    for (let at = 0; at < byteLength;) {
      throwIfCancelled(this.job.control.signal);
      const length = Math.min(NUMBER_STEP_BYTES, byteLength - at);
      const bytes = await readBytes(this.job.original, byteOffset + at, length);
      const whole = bytes.subarray(0, endOfWholeNumbers(bytes));
      const count = countNumbers(whole);
      const numbers = await content.take(count * numberBytes);
      if (replaceVarintsInPlace(whole, numberBytes, numbers) >= 0) throw tooLong();
      await this.append(whole);
      at += whole.length;
    }
  }
}

const NUMBER_STEP_BYTES = 256 * 1024;

function endOfWholeNumbers(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) end--;
  if (end === 0) throw new Error('a number of the file was longer than when it was opened');
  return end;
}

function countNumbers(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

function tooLong(): UnsupportedError {
  return new UnsupportedError({
    feature: 'rewriting numbers that are stored as varints',
    found: 'a number that needs more bytes than the one before',
    supported: 'zeros and numbers of at most the old length',
  });
}

/** Takes a part's new content piece by piece. */
class ContentReader {
  private readonly chunks: AsyncIterator<Uint8Array<ArrayBuffer>>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(content: PartContent) {
    this.chunks = content.chunks()[Symbol.asyncIterator]();
  }

  async take(byteLength: number): Promise<Uint8Array> {
    const taken = new Uint8Array(byteLength);
    for (let filled = 0; filled < byteLength;) {
      if (this.rest.length === 0) {
        const next = await this.chunks.next();
        if (next.done === true) throw new Error('the new content ends before the old one did');
        this.rest = next.value;
      }
      const part = this.rest.subarray(0, byteLength - filled);
      taken.set(part, filled);
      filled += part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return taken;
  }
}
