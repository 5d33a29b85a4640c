import { FormatError, type Place } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import { MAX_ZIP_DIRECTORY_BYTES } from '../../limits';
import { decodeMemberName } from './decodeMemberName';
import { readZipEnd, safeNumber, type ZipEnd } from './readZipEnd';
import { CENTRAL_BYTES, CENTRAL_SIGNATURE, locateWideFields, type WideField } from './zipRecords';

/** One entry of the central directory. Offsets of the entry itself count from the directory's start. */
export interface CentralEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly byteLength: number;
  /** Where the member's local header begins in the file. */
  readonly localOffset: number;
  readonly entryOffset: number;
  /** Where the entry's value stands that says these, in four bytes or, in the zip64 extra, in eight. */
  readonly fields: Readonly<Record<CentralField, WideField>>;
}

export type CentralField = 'byteLength' | 'compressedBytes' | 'localOffset';

/** The central directory of a zip archive as it stands in the file. */
export interface CentralDirectory {
  readonly end: ZipEnd;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entries: readonly CentralEntry[];
}

/**
 * Reads the central directory in one piece.
 * @throws FormatError when it is missing, cut short, too large or points outside the file.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.12 and 4.5.3.
 */
export async function readCentralDirectory(
  source: ByteSource,
  format: string,
): Promise<CentralDirectory> {
  const end = await readZipEnd(source, format);
  assertFits(end, format);
  const bytes = await readBytes(source, end.directoryOffset, end.directoryBytes);
  const directory = { view: new DataView(bytes.buffer), end };
  const entries: CentralEntry[] = [];
  let offset = 0;
  for (let i = 0; i < end.entryCount; i++) {
    const { entry, nextOffset } = parseEntry(directory, offset, format);
    entries.push(entry);
    offset = nextOffset;
  }
  return { end, bytes, entries };
}

function assertFits(end: ZipEnd, format: string): void {
  const { directoryOffset, directoryBytes, directoryLimit } = end;
  const available = Math.max(0, directoryLimit - directoryOffset);
  const allowed = Math.min(available, MAX_ZIP_DIRECTORY_BYTES);
  if (directoryBytes <= allowed) return;
  throw new FormatError({
    format,
    place: 'central directory',
    found: `${directoryBytes} bytes`,
    allowed: `at most ${allowed}${allowed === available ? ' before the end record' : ''}`,
    byteOffset: directoryOffset,
  });
}

interface DirectoryBytes {
  readonly view: DataView<ArrayBuffer>;
  readonly end: ZipEnd;
}

function parseEntry(
  { view, end }: DirectoryBytes,
  offset: number,
  format: string,
): { readonly entry: CentralEntry; readonly nextOffset: number } {
  const place = { format, place: 'central directory', byteOffset: end.directoryOffset + offset };
  if (
    offset + CENTRAL_BYTES > view.byteLength ||
    view.getUint32(offset, true) !== CENTRAL_SIGNATURE
  ) {
    throw new FormatError({ ...place, found: 'no entry', allowed: `${end.entryCount} entries` });
  }
  const nameBytes = view.getUint16(offset + 28, true);
  const extraOffset = offset + CENTRAL_BYTES + nameBytes;
  const extraEnd = extraOffset + view.getUint16(offset + 30, true);
  const nextOffset = extraEnd + view.getUint16(offset + 32, true);
  if (nextOffset > view.byteLength) {
    throw new FormatError({ ...place, found: 'an entry cut short', allowed: 'a whole entry' });
  }
  const flags = view.getUint16(offset + 8, true);
  const nameAt = offset + CENTRAL_BYTES;
  const fields = locateFields(view, offset, { start: extraOffset, end: extraEnd, place });
  const entry = {
    name: decodeMemberName(new Uint8Array(view.buffer, nameAt, nameBytes), flags),
    method: view.getUint16(offset + 10, true),
    flags,
    crc32: view.getUint32(offset + 16, true),
    byteLength: readField(view, fields.byteLength, place),
    compressedBytes: readField(view, fields.compressedBytes, place),
    localOffset: readField(view, fields.localOffset, place),
    entryOffset: offset,
    fields,
  };
  return { entry, nextOffset };
}

function locateFields(
  view: DataView,
  entryOffset: number,
  extras: { readonly start: number; readonly end: number; readonly place: Place },
): CentralEntry['fields'] {
  const offsets = [entryOffset + 24, entryOffset + 20, entryOffset + 42];
  const [byteLength, compressedBytes, localOffset] = locateWideFields(view, offsets, extras);
  if (!byteLength || !compressedBytes || !localOffset) {
    const found = 'a zip64 field cut short';
    throw new FormatError({ ...extras.place, found, allowed: '8 bytes' });
  }
  return { byteLength, compressedBytes, localOffset };
}

function readField(view: DataView, { offset, wide }: WideField, place: Place): number {
  return wide ? safeNumber(view, offset, place) : view.getUint32(offset, true);
}
