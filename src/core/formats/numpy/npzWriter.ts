import { UnsupportedError } from '../../errors';
import { crc32 } from '../zip/crc32';
import type { ByteSink } from '../../model/modelSink';
import {
  encodeDirectoryEntry,
  encodeLocalHeader,
  encodeZipEnd,
  LOCAL_CRC_OFFSET,
  type ZipEntry,
} from '../zip/encodeZip';
import { type JobControl, throwIfCancelled, unattended } from '../../progress';
import type { NpyDescr } from './npyHeader';
import { arrayMember, type NpzMember } from './npzMember';

/** An array whose values come in pieces, little-endian and in C order. */
export interface StreamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly descr: NpyDescr;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Longer names are no names: the field of a zip's header has two bytes. */
const MAX_NAME_BYTES = 0xffff;

/**
 * Writes an npz member by member: a zip of .npy files, stored without compression. What is held is the list
 * of members; a member's checksum goes into its header once its values are through. Members and archives of
 * 4 GiB and more get the zip64 extension, which NumPy reads. The same arrays give the same bytes.
 * Source: PKWARE APPNOTE 6.3.10.
 */
export class NpzWriter {
  private readonly entries: ZipEntry[] = [];
  private readonly names = new Set<string>();
  private offset = 0;

  constructor(private readonly sink: ByteSink) {}

  /**
   * @throws UnsupportedError where an array of this name is written already; Error where the chunks are not as
   *   many bytes as the shape says; IoError.
   */
  async add({ chunks, ...array }: StreamedArray): Promise<void> {
    await this.addMember(arrayMember({ ...array, chunks: () => chunks }), unattended);
  }

  /** As {@link add}, of a member as its bytes stand in the archive. @throws CancelledError too. */
  async addMember(member: NpzMember, control: Pick<JobControl, 'signal'>): Promise<void> {
    const { byteLength, compressed, crc: knownCrc } = member;
    const name = this.newName(member.name);
    const sizes = { byteLength, ...(compressed === undefined ? {} : { compressed }) };
    const entry: ZipEntry = { name, ...sizes, headerOffset: this.offset, crc: knownCrc ?? 0 };
    await this.append(encodeLocalHeader(entry));
    const dataStart = this.offset;
    const crc = await this.appendAll(member.chunks(control), control);
    const contentBytes = compressed?.byteLength ?? byteLength;
    if (this.offset - dataStart !== contentBytes) {
      const found = this.offset - dataStart;
      throw new Error(`${member.name}: ${found} bytes were written for ${contentBytes}`);
    }
    if (knownCrc === undefined) {
      await this.sink.write(entry.headerOffset + LOCAL_CRC_OFFSET, littleEndian(crc));
    }
    this.entries.push({ ...entry, crc: knownCrc ?? crc });
  }

  /** Writes the directory; nothing can be added after. @throws IoError. */
  async finish(): Promise<void> {
    const directoryOffset = this.offset;
    for (const entry of this.entries) await this.append(encodeDirectoryEntry(entry));
    const directoryBytes = this.offset - directoryOffset;
    const end = { entryCount: this.entries.length, directoryOffset, directoryBytes };
    await this.append(encodeZipEnd(end));
  }

  private newName(name: string): Uint8Array {
    const bytes = new TextEncoder().encode(name);
    if (this.names.has(name) || bytes.length > MAX_NAME_BYTES) {
      throw new UnsupportedError({
        feature: 'writing an npz',
        found: this.names.has(name)
          ? `two members named ${name}`
          : `a name of ${bytes.length} bytes`,
        supported: `names that differ, of up to ${MAX_NAME_BYTES} bytes`,
      });
    }
    this.names.add(name);
    return bytes;
  }

  /** @returns the CRC-32 of what was appended. */
  private async appendAll(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { signal }: Pick<JobControl, 'signal'>,
  ): Promise<number> {
    let crc = 0;
    for await (const chunk of chunks) {
      throwIfCancelled(signal);
      await this.append(chunk);
      crc = crc32(chunk, crc);
    }
    return crc;
  }

  private async append(bytes: Uint8Array): Promise<void> {
    await this.sink.write(this.offset, bytes);
    this.offset += bytes.length;
  }
}

function littleEndian(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}
