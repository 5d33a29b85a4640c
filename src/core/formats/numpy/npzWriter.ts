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
import { encodeNpyHeader, type NpyDescr } from './npyHeader';

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
  async add({ name, shape, descr, chunks }: StreamedArray): Promise<void> {
    const member = new TextEncoder().encode(`${name}.npy`);
    this.assertNew(name, member.length);
    const head = encodeNpyHeader(shape, descr);
    const byteLength = head.length + byteLengthOf(shape, descr);
    const entry = { name: member, byteLength, headerOffset: this.offset, crc: 0 };
    const start = this.offset;
    const header = encodeLocalHeader(entry);
    const dataStart = start + header.length;
    await this.append(Uint8Array.from([...header, ...head]));
    let crc = crc32(head);
    for await (const chunk of chunks) {
      await this.append(chunk);
      crc = crc32(chunk, crc);
    }
    if (this.offset - dataStart !== byteLength) {
      throw new Error(`${name}: ${this.offset - dataStart} bytes were written for ${byteLength}`);
    }
    await this.sink.write(start + LOCAL_CRC_OFFSET, littleEndian(crc));
    this.entries.push({ ...entry, crc });
  }

  /** Writes the directory; nothing can be added after. @throws IoError. */
  async finish(): Promise<void> {
    const directoryOffset = this.offset;
    for (const entry of this.entries) await this.append(encodeDirectoryEntry(entry));
    const directoryBytes = this.offset - directoryOffset;
    const end = { entryCount: this.entries.length, directoryOffset, directoryBytes };
    await this.append(encodeZipEnd(end));
  }

  private assertNew(name: string, nameBytes: number): void {
    if (!this.names.has(name) && nameBytes <= MAX_NAME_BYTES) {
      this.names.add(name);
      return;
    }
    throw new UnsupportedError({
      feature: 'writing an npz',
      found: this.names.has(name) ? `two arrays named ${name}` : `a name of ${nameBytes} bytes`,
      supported: `names that differ, of up to ${MAX_NAME_BYTES} bytes`,
    });
  }

  private async append(bytes: Uint8Array): Promise<void> {
    await this.sink.write(this.offset, bytes);
    this.offset += bytes.length;
  }
}

function byteLengthOf(shape: readonly number[], descr: NpyDescr): number {
  return shape.reduce((product, size) => product * size, 1) * Number(descr.slice(2));
}

function littleEndian(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}
