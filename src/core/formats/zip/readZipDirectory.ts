import { FormatError } from '../../errors';
import type { ByteSource } from '../../io';
import { type CentralEntry, readCentralDirectory } from './readCentralDirectory';
import { readRanges } from './windowReader';
import {
  DESCRIPTOR_FLAG,
  DESCRIPTOR_SIGNATURE,
  ENCRYPTED_FLAG,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
} from './zipRecords';

/** One member of a zip archive: where its bytes lie, by the central directory. */
export interface ZipMember {
  /** As it is written. It is only ever shown: nothing is written to the disk under it. */
  readonly name: string;
  /** 0 stored, 8 deflated; others exist. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly byteLength: number;
  /** Where the member's local header begins: no two members share it. */
  readonly localOffset: number;
  /** Where the member's (compressed) bytes begin. */
  readonly dataOffset: number;
  /** Where the CRC-32 stands in the local header, or in the data descriptor that replaces it, and in the central directory. */
  readonly crcOffsets: readonly number[];
  readonly encrypted: boolean;
}

/** The central directory without the local headers: what is in the archive, not where. */
export async function readMemberNames(
  source: ByteSource,
  format: string,
): Promise<readonly string[]> {
  const { entries } = await readCentralDirectory(source, format);
  return entries.map(({ name }) => name);
}

/**
 * The members of a zip archive in the order of the central directory. Sizes are taken from there,
 * the place of the data from each local header, which may differ (NumPy's and PyTorch's do).
 * Bytes read: the end, the directory, and the local headers, neighbours in one read.
 * @throws FormatError when a record is missing, cut short, or points outside the file, and when
 *   two members share bytes.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.9 and 4.3.12.
 */
export async function readZipDirectory(
  source: ByteSource,
  format: string,
): Promise<readonly ZipMember[]> {
  const { entries, end } = await readCentralDirectory(source, format);
  return new MemberLocator(source, format).locate(entries, end.directoryOffset);
}

/** Reads local headers, and then the data descriptors of those that have one. */
class MemberLocator {
  constructor(
    private readonly source: ByteSource,
    private readonly format: string,
  ) {}

  async locate(
    entries: readonly CentralEntry[],
    directoryOffset: number,
  ): Promise<readonly ZipMember[]> {
    const dataOffsets = await this.readLocalHeaders(entries);
    this.assertApart(entries, dataOffsets);
    const descriptors = await this.readDescriptors(entries, dataOffsets);
    return entries.map((entry) => ({
      name: entry.name,
      method: entry.method,
      crc32: entry.crc32,
      compressedBytes: entry.compressedBytes,
      byteLength: entry.byteLength,
      localOffset: entry.localOffset,
      dataOffset: dataOffsets.get(entry) ?? 0,
      crcOffsets: [
        ...((entry.flags & DESCRIPTOR_FLAG) === 0
          ? [entry.localOffset + 14]
          : (descriptors.get(entry) ?? [])),
        directoryOffset + entry.entryOffset + 16,
      ],
      encrypted: (entry.flags & ENCRYPTED_FLAG) !== 0,
    }));
  }

  private async readLocalHeaders(
    entries: readonly CentralEntry[],
  ): Promise<ReadonlyMap<CentralEntry, number>> {
    const headers = entries.map((entry) => {
      if (entry.localOffset + LOCAL_BYTES > this.source.byteLength) throw this.beyond(entry);
      return { entry, byteOffset: entry.localOffset, byteLength: LOCAL_BYTES };
    });
    headers.sort((a, b) => a.byteOffset - b.byteOffset);
    const dataOffsets = new Map<CentralEntry, number>();
    await readRanges(this.source, headers, ({ entry }, local) => {
      dataOffsets.set(entry, this.dataOffsetOf(entry, local));
    });
    return dataOffsets;
  }

  private dataOffsetOf(entry: CentralEntry, local: DataView): number {
    const place = this.placeOf(entry);
    if (local.getUint32(0, true) !== LOCAL_SIGNATURE) {
      throw new FormatError({ ...place, found: 'no local header', allowed: 'PK\\x03\\x04' });
    }
    const headerBytes = LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
    const dataOffset = entry.localOffset + headerBytes;
    const available = Math.max(0, this.source.byteLength - dataOffset);
    if (entry.compressedBytes > available) {
      throw new FormatError({
        ...place,
        found: `${entry.compressedBytes} bytes of data from ${dataOffset} on`,
        allowed: `at most ${available}: the file has ${this.source.byteLength} bytes`,
      });
    }
    return dataOffset;
  }

  /** Members that share bytes cannot be edited apart; no writer makes them, but hostile files are. */
  private assertApart(
    entries: readonly CentralEntry[],
    dataOffsets: ReadonlyMap<CentralEntry, number>,
  ): void {
    const inOrder = [...entries].sort((a, b) => a.localOffset - b.localOffset);
    let end = 0;
    for (const entry of inOrder) {
      if (entry.localOffset < end) {
        throw new FormatError({
          ...this.placeOf(entry),
          found: `a member that begins at ${entry.localOffset}, within the one before it`,
          allowed: `at least ${end}: members do not share bytes`,
        });
      }
      end = (dataOffsets.get(entry) ?? 0) + entry.compressedBytes;
    }
  }

  /** With flag bit 3 the local CRC is 0 and the real one follows the data, after an optional signature. */
  private async readDescriptors(
    entries: readonly CentralEntry[],
    dataOffsets: ReadonlyMap<CentralEntry, number>,
  ): Promise<ReadonlyMap<CentralEntry, readonly number[]>> {
    const descriptors = entries
      .filter(({ flags }) => (flags & DESCRIPTOR_FLAG) !== 0)
      .map((entry) => ({
        entry,
        byteOffset: (dataOffsets.get(entry) ?? 0) + entry.compressedBytes,
        byteLength: 8,
      }))
      .filter(({ byteOffset }) => byteOffset + 8 <= this.source.byteLength)
      .sort((a, b) => a.byteOffset - b.byteOffset);
    const found = new Map<CentralEntry, readonly number[]>();
    await readRanges(this.source, descriptors, ({ entry, byteOffset }, view) => {
      const at = view.getUint32(0, true) === DESCRIPTOR_SIGNATURE ? 4 : 0;
      found.set(entry, view.getUint32(at, true) === entry.crc32 ? [byteOffset + at] : []);
    });
    return found;
  }

  private beyond(entry: CentralEntry): FormatError {
    return new FormatError({
      ...this.placeOf(entry),
      found: `a local header at ${entry.localOffset}`,
      allowed: `one within the file's ${this.source.byteLength} bytes`,
    });
  }

  private placeOf(entry: CentralEntry): { format: string; place: string; byteOffset: number } {
    const place = `member ${JSON.stringify(entry.name)}`;
    return { format: this.format, place, byteOffset: entry.localOffset };
  }
}
