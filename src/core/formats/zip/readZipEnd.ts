import { FormatError, type Place } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import {
  END64_BYTES,
  END64_LOCATOR_BYTES,
  END64_LOCATOR_SIGNATURE,
  END64_SIGNATURE,
  END_BYTES,
  END_SIGNATURE,
  MAX_COMMENT_BYTES,
} from './zipRecords';

/** What the records at the end of a zip archive say, and where they stand. */
export interface ZipEnd {
  readonly entryCount: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  /** Where the directory must have ended: the zip64 end record, or the plain one. */
  readonly directoryLimit: number;
  readonly endOffset: number;
  /** Where the zip64 end record and its locator stand; null in an archive without. */
  readonly zip64: { readonly recordOffset: number; readonly locatorOffset: number } | null;
}

/**
 * Finds the end of a zip archive. Bytes read: at most the last 65,557 and two records before them.
 * @throws FormatError when there is none, or it points outside the file.
 * Source: APPNOTE 4.3.14 to 4.3.16.
 */
export async function readZipEnd(source: ByteSource, format: string): Promise<ZipEnd> {
  const tailBytes = Math.min(source.byteLength, END_BYTES + MAX_COMMENT_BYTES);
  const tailOffset = source.byteLength - tailBytes;
  const tail = new DataView((await readBytes(source, tailOffset, tailBytes)).buffer);
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const endOffset = tailOffset + at;
    const plain = {
      endOffset,
      directoryLimit: endOffset,
      entryCount: tail.getUint16(at + 10, true),
      directoryBytes: tail.getUint32(at + 12, true),
      directoryOffset: tail.getUint32(at + 16, true),
      zip64: null,
    };
    return (await readZip64End(source, endOffset, format)) ?? plain;
  }
  throw new FormatError({
    format,
    place: 'end of the zip archive',
    found: 'no end-of-central-directory record (the file is cut short or no zip)',
    allowed: 'one in the last 65,557 bytes',
  });
}

async function readZip64End(
  source: ByteSource,
  endOffset: number,
  format: string,
): Promise<ZipEnd | null> {
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
    endOffset,
    directoryLimit: recordOffset,
    entryCount: safeNumber(record, 32, place),
    directoryBytes: safeNumber(record, 40, place),
    directoryOffset: safeNumber(record, 48, place),
    zip64: { recordOffset, locatorOffset },
  };
}

/** A 64-bit number. @throws FormatError above 2^53 - 1. */
export function safeNumber(view: DataView, offset: number, place: Place): number {
  const value = view.getBigUint64(offset, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new FormatError({ ...place, found: `the number ${value}`, allowed: 'at most 2^53 - 1' });
  }
  return Number(value);
}
