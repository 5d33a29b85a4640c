import { UnsupportedError } from '../../errors';
import type { ByteSource, Compression, Crc32 } from '../../io';
import { CHUNK_BYTES } from '../../limits';
import type { PartContent, RewriteJob, Span } from '../../model/model';
import { type CancelSignal, throwIfCancelled } from '../../progress';
import {
  type MemberSizes,
  readLocalHeader,
  realigned,
  updatedDescriptor,
  updateLocalHeader,
  writeWideField,
} from './localHeader';
import {
  type CentralDirectory,
  type CentralEntry,
  readCentralDirectory,
} from './readCentralDirectory';
import { DEFLATED, IN_ZIP64 } from './zipRecords';

export interface ZipRewrite {
  readonly job: RewriteJob;
  /** New decoded content by where the member's local header begins. */
  readonly changed: ReadonlyMap<number, PartContent>;
  readonly compression: Compression;
}

/**
 * Writes an archive anew with the content of some members changed. Sizes, checksums and offsets in
 * local headers, data descriptors, the central directory and the end records are put right; all other
 * bytes are copied. Constant space, but for the central directory.
 * @throws FormatError, UnsupportedError, IoError, CancelledError.
 */
export async function rewriteZip(rewrite: ZipRewrite): Promise<void> {
  const directory = await readCentralDirectory(rewrite.job.original, 'zip');
  await new ZipRewriter(rewrite, directory).run();
}

/** A chunk is compressed in slices of this size, so that a cancel need not wait for it. */
const SLICE_BYTES = 256 * 1024;

class ZipRewriter {
  private readonly original: ByteSource;
  private readonly view: DataView;
  /** How far the bytes to come stand from where they stood. */
  private shift = 0;
  /** Up to here the original has been dealt with. */
  private at = 0;

  constructor(
    private readonly rewrite: ZipRewrite,
    private readonly directory: CentralDirectory,
  ) {
    this.original = rewrite.job.original;
    this.view = new DataView(directory.bytes.buffer);
  }

  async run(): Promise<void> {
    const { end } = this.directory;
    const entries = [...this.directory.entries].sort((a, b) => a.localOffset - b.localOffset);
    const last = entries.at(-1);
    if (last !== undefined && last.localOffset >= end.directoryOffset)
      throw membersAfterDirectory();
    const edited = new EditedMembers(this.rewrite.job.editedSpans);
    for (const [i, entry] of entries.entries()) {
      const nextOffset = entries[i + 1]?.localOffset ?? end.directoryOffset;
      const content = this.rewrite.changed.get(entry.localOffset);
      if (content !== undefined) await this.writeChanged(entry, content);
      else if (edited.touch(entry.localOffset, nextOffset)) await this.copyEdited(entry);
      else await this.keep(entry);
    }
    await this.writeEnd();
  }

  /** A member that stays as it is: its bytes are copied later, with what follows. */
  private async keep(entry: CentralEntry): Promise<void> {
    if (this.shift % ALIGNMENT !== 0) await this.writeHeader(entry, null);
    else this.placeInDirectory(entry);
  }

  private async writeChanged(entry: CentralEntry, content: PartContent): Promise<void> {
    await this.copyUntil(entry.localOffset);
    const { header, oldDataEnd } = await this.shiftedHeader(entry);
    const dataOffset = entry.localOffset + this.shift + header.length;
    const sizes = await this.writeContent(entry, content, dataOffset);
    const descriptor = await updatedDescriptor(this.original, entry, oldDataEnd, sizes);
    updateLocalHeader(header, entry, sizes);
    this.placeInDirectory(entry, sizes);
    await this.write(entry.localOffset + this.shift, header);
    const newDataEnd = dataOffset + sizes.compressedBytes;
    await this.write(newDataEnd, descriptor);
    this.at = oldDataEnd + descriptor.length;
    this.shift = newDataEnd - oldDataEnd;
  }

  /** A stored member in which bytes were changed in place: of its headers only the checksum changes. */
  private async copyEdited(entry: CentralEntry): Promise<void> {
    const { oldDataEnd } = await this.shiftedHeader(entry);
    const checksum = await this.checksumOf(oldDataEnd - entry.compressedBytes, oldDataEnd);
    const sizes = { ...entry, crc32: checksum };
    const descriptor = await updatedDescriptor(this.original, entry, oldDataEnd, sizes);
    await this.writeHeader(entry, sizes);
    await this.copyUntil(oldDataEnd);
    await this.write(oldDataEnd + this.shift, descriptor);
    this.at = oldDataEnd + descriptor.length;
  }

  /** Writes the member's local header at its new place; its data is to follow. */
  private async writeHeader(entry: CentralEntry, sizes: MemberSizes | null): Promise<void> {
    await this.copyUntil(entry.localOffset);
    const { header, oldDataEnd } = await this.shiftedHeader(entry);
    if (sizes !== null) updateLocalHeader(header, entry, sizes);
    this.placeInDirectory(entry, sizes ?? entry);
    await this.write(entry.localOffset + this.shift, header);
    const oldDataOffset = oldDataEnd - entry.compressedBytes;
    this.shift += entry.localOffset + header.length - oldDataOffset;
    this.at = oldDataOffset;
  }

  private async shiftedHeader(
    entry: CentralEntry,
  ): Promise<{ readonly header: Uint8Array<ArrayBuffer>; readonly oldDataEnd: number }> {
    const old = await readLocalHeader(this.original, entry);
    const header = realigned(old, entry, entry.localOffset + this.shift);
    return { header, oldDataEnd: entry.localOffset + old.length + entry.compressedBytes };
  }

  private async writeContent(
    entry: CentralEntry,
    content: PartContent,
    dataOffset: number,
  ): Promise<MemberSizes> {
    const { job, compression } = this.rewrite;
    const decoded = new DecodedBytes(content, compression.crc32, job.control.signal);
    const level = LEVELS[(entry.flags >>> 1) & 3] ?? 6;
    const encoded =
      entry.method === DEFLATED
        ? compression.deflate(decoded.slices(), { wrapper: 'raw', level })
        : decoded.slices();
    let compressedBytes = 0;
    for await (const bytes of encoded) {
      await this.write(dataOffset + compressedBytes, bytes);
      compressedBytes += bytes.length;
    }
    return { crc32: decoded.checksum, compressedBytes, byteLength: decoded.byteLength };
  }

  private async checksumOf(start: number, end: number): Promise<number> {
    let checksum = 0;
    for await (const { bytes } of this.chunks(start, end)) {
      checksum = this.rewrite.compression.crc32(bytes, checksum);
    }
    return checksum;
  }

  private async copyUntil(end: number): Promise<void> {
    for await (const { at, bytes } of this.chunks(this.at, end)) {
      await this.write(at + this.shift, bytes);
    }
    this.at = end;
  }

  private async *chunks(
    start: number,
    end: number,
  ): AsyncGenerator<{ readonly at: number; readonly bytes: Uint8Array }> {
    const buffer = new Uint8Array(Math.max(0, Math.min(CHUNK_BYTES, end - start)));
    for (let at = start; at < end; at += buffer.length) {
      throwIfCancelled(this.rewrite.job.control.signal);
      const bytes = buffer.subarray(0, Math.min(buffer.length, end - at));
      await this.original.readInto(at, bytes);
      yield { at, bytes };
    }
  }

  private placeInDirectory(entry: CentralEntry, sizes: MemberSizes = entry): void {
    const { fields, entryOffset, name } = entry;
    this.view.setUint32(entryOffset + 16, sizes.crc32, true);
    writeWideField(this.view, fields.byteLength, sizes.byteLength, name);
    writeWideField(this.view, fields.compressedBytes, sizes.compressedBytes, name);
    writeWideField(this.view, fields.localOffset, entry.localOffset + this.shift, name);
  }

  /** The directory with its new numbers, and the end records with its new place. */
  private async writeEnd(): Promise<void> {
    const { end, bytes } = this.directory;
    await this.copyUntil(end.directoryOffset);
    const directoryOffset = end.directoryOffset + this.shift;
    await this.write(directoryOffset, bytes);
    this.at = end.directoryOffset + end.directoryBytes;
    await this.copyUntil(this.original.byteLength);
    await this.writeNumber(end.endOffset + 16, directoryOffset, 4);
    if (end.zip64 === null) return;
    const { recordOffset, locatorOffset } = end.zip64;
    await this.writeNumber(recordOffset + 48, directoryOffset, 8);
    await this.writeNumber(locatorOffset + 8, recordOffset + this.shift, 8);
  }

  /** A 32-bit number that stands in the zip64 record instead stays all ones. */
  private async writeNumber(oldOffset: number, value: number, byteLength: 4 | 8): Promise<void> {
    const field = new Uint8Array(byteLength);
    const view = new DataView(field.buffer);
    await this.original.readInto(oldOffset, field);
    const elsewhere = byteLength === 4 && view.getUint32(0, true) === IN_ZIP64;
    if (elsewhere && this.directory.end.zip64 !== null) return;
    writeWideField(view, { offset: 0, wide: byteLength === 8 }, value, 'central directory');
    await this.write(oldOffset + this.shift, field);
  }

  private async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.rewrite.job.sink.write(byteOffset, bytes);
  }
}

/** No padding is renewed where everything moves by a multiple of this. */
const ALIGNMENT = 64;

/** The levels that the flags hint at: normal, maximum, fast, super fast (APPNOTE 4.4.4). */
const LEVELS = [6, 9, 3, 1] as const;

/** A member's new decoded bytes in small slices, with checksum and length once they have gone by. */
class DecodedBytes {
  checksum = 0;
  byteLength = 0;

  constructor(
    private readonly content: PartContent,
    private readonly crc32: Crc32,
    private readonly signal: CancelSignal,
  ) {}

  async *slices(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const chunk of this.content.chunks()) {
      for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
        throwIfCancelled(this.signal);
        const slice = chunk.subarray(at, at + SLICE_BYTES);
        this.checksum = this.crc32(slice, this.checksum);
        this.byteLength += slice.length;
        yield slice;
      }
    }
  }
}

/** Asked in the file's order which members hold an edited run. */
class EditedMembers {
  private readonly spans: readonly Span[];
  private next = 0;

  constructor(spans: readonly Span[]) {
    this.spans = [...spans].sort((a, b) => a.byteOffset - b.byteOffset);
  }

  touch(start: number, end: number): boolean {
    while ((this.spans[this.next]?.byteOffset ?? end) < start) this.next++;
    return (this.spans[this.next]?.byteOffset ?? end) < end;
  }
}

function membersAfterDirectory(): UnsupportedError {
  return new UnsupportedError({
    feature: 'rewriting a zip archive',
    found: 'members behind the central directory',
    supported: 'members before it',
  });
}
