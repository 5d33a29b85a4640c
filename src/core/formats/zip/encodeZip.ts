import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  END64_BYTES,
  END64_LOCATOR_BYTES,
  END64_LOCATOR_SIGNATURE,
  END64_SIGNATURE,
  END_BYTES,
  END_SIGNATURE,
  IN_ZIP64,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  STORED,
  UTF8_FLAG,
  ZIP64_EXTRA,
} from './zipRecords';

/** A member of an archive that is being written. */
export interface ZipEntry {
  /** UTF-8. */
  readonly name: Uint8Array;
  readonly byteLength: number;
  /** Absent where it is stored: then both are the same. */
  readonly compressed?: { readonly method: number; readonly byteLength: number };
  readonly crc: number;
  /** Where its local header stands. */
  readonly headerOffset: number;
}

/** Where the CRC-32 stands in a local header. */
export const LOCAL_CRC_OFFSET = 14;

/** 1980-01-01 00:00, the earliest date a zip can hold: the same members give the same bytes. */
const DOS_DATE = 0x0021;

/** The versions of the format that a reader must know: 2.0, and 4.5 for the zip64 extension. */
const VERSION = 20;
const VERSION_ZIP64 = 45;

/** Numbers in little-endian order, one after the other. */
class RecordWriter {
  private readonly view: DataView<ArrayBuffer>;
  private offset = 0;

  constructor(byteLength: number) {
    this.view = new DataView(new ArrayBuffer(byteLength));
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.view.buffer);
  }

  uint16(...values: readonly number[]): this {
    for (const value of values) {
      this.view.setUint16(this.offset, value, true);
      this.offset += 2;
    }
    return this;
  }

  uint32(...values: readonly number[]): this {
    for (const value of values) {
      this.view.setUint32(this.offset, value, true);
      this.offset += 4;
    }
    return this;
  }

  uint64(...values: readonly number[]): this {
    for (const value of values) {
      this.view.setBigUint64(this.offset, BigInt(value), true);
      this.offset += 8;
    }
    return this;
  }

  append(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.offset);
    this.offset += bytes.length;
    return this;
  }
}

/** The header before a member's bytes. Source: APPNOTE 4.3.7, 4.5.3. */
export function encodeLocalHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { name, byteLength, crc } = entry;
  const { method, storedBytes } = storageOf(entry);
  // Both sizes stand in the extra field, or none: APPNOTE 4.5.3.
  const wide = isWide(byteLength) || isWide(storedBytes);
  const extraBytes = wide ? 20 : 0;
  const sizes = wide ? [IN_ZIP64, IN_ZIP64] : [storedBytes, byteLength];
  const record = new RecordWriter(LOCAL_BYTES + name.length + extraBytes);
  record.uint32(LOCAL_SIGNATURE).uint16(wide ? VERSION_ZIP64 : VERSION, UTF8_FLAG, method);
  record.uint16(0, DOS_DATE).uint32(crc, ...sizes);
  record.uint16(name.length, extraBytes).append(name);
  if (wide) record.uint16(ZIP64_EXTRA, 16).uint64(byteLength, storedBytes);
  return record.bytes;
}

function storageOf({ byteLength, compressed }: ZipEntry): {
  readonly method: number;
  readonly storedBytes: number;
} {
  const { method = STORED, byteLength: storedBytes = byteLength } = compressed ?? {};
  return { method, storedBytes };
}

/** A member's entry in the central directory. Source: APPNOTE 4.3.12. */
export function encodeDirectoryEntry(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { name, byteLength, crc, headerOffset } = entry;
  const { method, storedBytes } = storageOf(entry);
  const wide = [
    ...(isWide(byteLength) ? [byteLength] : []),
    ...(isWide(storedBytes) ? [storedBytes] : []),
    ...(isWide(headerOffset) ? [headerOffset] : []),
  ];
  const extraBytes = wide.length === 0 ? 0 : 4 + 8 * wide.length;
  const version = wide.length === 0 ? VERSION : VERSION_ZIP64;
  const record = new RecordWriter(CENTRAL_BYTES + name.length + extraBytes);
  record.uint32(CENTRAL_SIGNATURE).uint16(version, version, UTF8_FLAG, method, 0, DOS_DATE);
  record.uint32(crc, narrow(storedBytes), narrow(byteLength));
  // No comment, the first disk, no attributes.
  record.uint16(name.length, extraBytes, 0, 0, 0).uint32(0, narrow(headerOffset)).append(name);
  if (wide.length > 0) record.uint16(ZIP64_EXTRA, 8 * wide.length).uint64(...wide);
  return record.bytes;
}

/** Where the central directory of an archive lies. */
export interface ZipDirectoryPlace {
  readonly entryCount: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

/** What stands behind the central directory. Source: APPNOTE 4.3.14 to 4.3.16. */
export function encodeZipEnd(place: ZipDirectoryPlace): Uint8Array<ArrayBuffer> {
  const { entryCount, directoryOffset, directoryBytes } = place;
  const wide = entryCount >= 0xffff || isWide(directoryOffset) || isWide(directoryBytes);
  const record = new RecordWriter(END_BYTES + (wide ? END64_BYTES + END64_LOCATOR_BYTES : 0));
  if (wide) {
    record.uint32(END64_SIGNATURE).uint64(END64_BYTES - 12);
    record.uint16(VERSION_ZIP64, VERSION_ZIP64).uint32(0, 0);
    record.uint64(entryCount, entryCount, directoryBytes, directoryOffset);
    record
      .uint32(END64_LOCATOR_SIGNATURE, 0)
      .uint64(directoryOffset + directoryBytes)
      .uint32(1);
  }
  const count = Math.min(entryCount, 0xffff);
  record.uint32(END_SIGNATURE).uint16(0, 0, count, count);
  record.uint32(narrow(directoryBytes), narrow(directoryOffset)).uint16(0);
  return record.bytes;
}

/** Whether a number stands in the zip64 extra field instead. */
function isWide(value: number): boolean {
  return value >= IN_ZIP64;
}

function narrow(value: number): number {
  return isWide(value) ? IN_ZIP64 : value;
}
