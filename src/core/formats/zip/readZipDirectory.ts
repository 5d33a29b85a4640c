import { FormatError, type Place } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { MAX_ZIP_DIRECTORY_BYTES } from '../../limits';

/** One member of a zip archive: where its bytes lie, by the central directory. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated; others exist. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly byteLength: number;
  /** Where the member's (compressed) bytes begin. */
  readonly dataOffset: number;
  /** Where the CRC-32 stands in the local header, or in the data descriptor that replaces it, and in the central directory. */
  readonly crcOffsets: readonly number[];
  readonly encrypted: boolean;
}

const END_SIGNATURE = 0x06054b50;
const END64_SIGNATURE = 0x06064b50;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const END_BYTES = 22;
const END64_LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_EXTRA = 0x0001;

/**
 * The members of a zip archive in the order of the central directory. Sizes are taken from there,
 * the place of the data from each local header, which may differ (NumPy's and PyTorch's do).
 * Bytes read: the end, the directory, and 30 bytes a member.
 * @throws FormatError when a record is missing, cut short, or points outside the file.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
 */
export async function readZipDirectory(
  source: ByteSource,
  format: string,
): Promise<readonly ZipMember[]> {
  const directory = await readDirectory(source, format);
  const members: ZipMember[] = [];
  let offset = 0;
  for (let i = 0; i < directory.entryCount; i++) {
    const entry = parseCentralEntry(directory, offset, format);
    offset = entry.nextOffset;
    members.push(await locateMember(source, entry, format));
  }
  return members;
}

/**
 * The names of a zip archive's members, to tell what kind of archive it is: the end and the directory
 * are read, nothing else.
 * @throws FormatError as {@link readZipDirectory} does.
 */
export async function readMemberNames(
  source: ByteSource,
  format: string,
): Promise<readonly string[]> {
  const directory = await readDirectory(source, format);
  const names: string[] = [];
  let offset = 0;
  for (let i = 0; i < directory.entryCount; i++) {
    const entry = parseCentralEntry(directory, offset, format);
    offset = entry.nextOffset;
    names.push(entry.name);
  }
  return names;
}

interface Directory {
  readonly view: DataView;
  readonly byteOffset: number;
  readonly entryCount: number;
}

async function readDirectory(source: ByteSource, format: string): Promise<Directory> {
  const end = await findEnd(source, format);
  const place = { format, place: 'central directory', byteOffset: end.directoryOffset };
  if (end.directoryOffset + end.directoryBytes > end.endOffset) {
    throw new FormatError({
      ...place,
      found: `${end.directoryBytes} bytes`,
      allowed: `at most ${Math.max(0, end.endOffset - end.directoryOffset)} before the end record`,
    });
  }
  if (end.directoryBytes > MAX_ZIP_DIRECTORY_BYTES) {
    throw new FormatError({
      ...place,
      found: `${end.directoryBytes} bytes`,
      allowed: `at most ${MAX_ZIP_DIRECTORY_BYTES}`,
    });
  }
  const bytes = await readBytes(source, end.directoryOffset, end.directoryBytes);
  return {
    view: new DataView(bytes.buffer),
    byteOffset: end.directoryOffset,
    entryCount: end.entryCount,
  };
}

interface EndRecord {
  readonly endOffset: number;
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

async function findEnd(source: ByteSource, format: string): Promise<EndRecord> {
  const tailBytes = Math.min(source.byteLength, END_BYTES + MAX_COMMENT_BYTES);
  const tailOffset = source.byteLength - tailBytes;
  const tail = new DataView((await readBytes(source, tailOffset, tailBytes)).buffer);
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const record = {
      endOffset: tailOffset + at,
      entryCount: tail.getUint16(at + 10, true),
      directoryBytes: tail.getUint32(at + 12, true),
      directoryOffset: tail.getUint32(at + 16, true),
    };
    return (await findZip64End(source, record.endOffset, format)) ?? record;
  }
  throw new FormatError({
    format,
    place: 'end of the zip archive',
    found: 'no end-of-central-directory record (the file is cut short or no zip)',
    allowed: 'one in the last 65,557 bytes',
  });
}

async function findZip64End(
  source: ByteSource,
  endOffset: number,
  format: string,
): Promise<EndRecord | null> {
  const locatorOffset = endOffset - END64_LOCATOR_BYTES;
  if (locatorOffset < 0) return null;
  const locator = new DataView(
    (await readBytes(source, locatorOffset, END64_LOCATOR_BYTES)).buffer,
  );
  if (locator.getUint32(0, true) !== END64_LOCATOR_SIGNATURE) return null;
  const recordOffset = safeNumber(locator, 8, { format, place: 'zip64 locator' });
  const place = { format, place: 'zip64 end record', byteOffset: recordOffset };
  if (recordOffset + END64_BYTES > locatorOffset) {
    throw new FormatError({
      ...place,
      found: 'an offset beyond it',
      allowed: 'an offset before the locator',
    });
  }
  const record = new DataView((await readBytes(source, recordOffset, END64_BYTES)).buffer);
  if (record.getUint32(0, true) !== END64_SIGNATURE) {
    throw new FormatError({ ...place, found: 'another signature', allowed: 'PK\\x06\\x06' });
  }
  return {
    endOffset: recordOffset,
    entryCount: safeNumber(record, 32, place),
    directoryBytes: safeNumber(record, 40, place),
    directoryOffset: safeNumber(record, 48, place),
  };
}

function safeNumber(view: DataView, offset: number, place: Place): number {
  const value = view.getBigUint64(offset, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new FormatError({ ...place, found: `the number ${value}`, allowed: 'at most 2^53 - 1' });
  }
  return Number(value);
}

interface CentralEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly byteLength: number;
  readonly localOffset: number;
  readonly crcOffset: number;
  readonly nextOffset: number;
}

function parseCentralEntry(directory: Directory, offset: number, format: string): CentralEntry {
  const { view } = directory;
  const place = { format, place: 'central directory', byteOffset: directory.byteOffset + offset };
  if (
    offset + CENTRAL_BYTES > view.byteLength ||
    view.getUint32(offset, true) !== CENTRAL_SIGNATURE
  ) {
    throw new FormatError({
      ...place,
      found: 'no entry',
      allowed: `${directory.entryCount} entries`,
    });
  }
  const nameBytes = view.getUint16(offset + 28, true);
  const extraBytes = view.getUint16(offset + 30, true);
  const extraOffset = offset + CENTRAL_BYTES + nameBytes;
  const nextOffset = extraOffset + extraBytes + view.getUint16(offset + 32, true);
  if (nextOffset > view.byteLength) {
    throw new FormatError({ ...place, found: 'an entry cut short', allowed: 'a whole entry' });
  }
  const flags = view.getUint16(offset + 8, true);
  const sizes = zip64Sizes(
    view,
    {
      extraOffset,
      extraEnd: extraOffset + extraBytes,
      byteLength: view.getUint32(offset + 24, true),
      compressedBytes: view.getUint32(offset + 20, true),
      localOffset: view.getUint32(offset + 42, true),
    },
    place,
  );
  return {
    ...sizes,
    name: decodeName(new Uint8Array(view.buffer, offset + CENTRAL_BYTES, nameBytes)),
    method: view.getUint16(offset + 10, true),
    flags,
    crc32: view.getUint32(offset + 16, true),
    crcOffset: directory.byteOffset + offset + 16,
    nextOffset,
  };
}

interface EntrySizes {
  readonly byteLength: number;
  readonly compressedBytes: number;
  readonly localOffset: number;
}

/** Fields that do not fit 32 bits stand in the zip64 extra, in this order, only where they are all ones. */
function zip64Sizes(
  view: DataView,
  entry: EntrySizes & { readonly extraOffset: number; readonly extraEnd: number },
  place: Place,
): EntrySizes {
  let at = findExtra(view, entry.extraOffset, entry.extraEnd);
  const wide = (value: number): number => {
    if (value !== 0xffffffff || at === null) return value;
    if (at + 8 > entry.extraEnd) {
      throw new FormatError({ ...place, found: 'a zip64 field cut short', allowed: '8 bytes' });
    }
    const result = safeNumber(view, at, place);
    at += 8;
    return result;
  };
  const byteLength = wide(entry.byteLength);
  const compressedBytes = wide(entry.compressedBytes);
  return { byteLength, compressedBytes, localOffset: wide(entry.localOffset) };
}

function findExtra(view: DataView, start: number, end: number): number | null {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === ZIP64_EXTRA) return at + 4;
  }
  return null;
}

/** Names are UTF-8 or code page 437; for the ASCII that arrays are named by both are the same. */
function decodeName(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

async function locateMember(
  source: ByteSource,
  entry: CentralEntry,
  format: string,
): Promise<ZipMember> {
  const place = {
    format,
    place: `member ${JSON.stringify(entry.name)}`,
    byteOffset: entry.localOffset,
  };
  if (entry.localOffset + LOCAL_BYTES > source.byteLength) {
    throw new FormatError({
      ...place,
      found: `a local header at ${entry.localOffset}`,
      allowed: `one within the file's ${source.byteLength} bytes`,
    });
  }
  const local = new DataView((await readBytes(source, entry.localOffset, LOCAL_BYTES)).buffer);
  if (local.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw new FormatError({ ...place, found: 'no local header', allowed: 'PK\\x03\\x04' });
  }
  const headerBytes = LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const dataOffset = entry.localOffset + headerBytes;
  if (dataOffset + entry.compressedBytes > source.byteLength) {
    throw new FormatError({
      ...place,
      found: `${entry.compressedBytes} bytes of data from ${dataOffset} on`,
      allowed: `at most ${Math.max(0, source.byteLength - dataOffset)}: the file has ${source.byteLength} bytes`,
    });
  }
  const { name, method, crc32, compressedBytes, byteLength } = entry;
  const localCrc = await findLocalCrc(source, entry, dataOffset);
  const crcOffsets = [...localCrc, entry.crcOffset];
  const encrypted = (entry.flags & 1) !== 0;
  return { name, method, crc32, compressedBytes, byteLength, dataOffset, crcOffsets, encrypted };
}

/** With flag bit 3 the local CRC is 0 and the real one follows the data, after an optional signature. */
async function findLocalCrc(
  source: ByteSource,
  entry: CentralEntry,
  dataOffset: number,
): Promise<readonly number[]> {
  if ((entry.flags & 8) === 0) return [entry.localOffset + 14];
  const after = dataOffset + entry.compressedBytes;
  if (after + 8 > source.byteLength) return [];
  const descriptor = new DataView((await readBytes(source, after, 8)).buffer);
  const signed = descriptor.getUint32(0, true) === DESCRIPTOR_SIGNATURE;
  const at = signed ? 4 : 0;
  return descriptor.getUint32(at, true) === entry.crc32 ? [after + at] : [];
}
