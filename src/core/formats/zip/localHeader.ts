import { FormatError, UnsupportedError } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import type { CentralEntry } from './readCentralDirectory';
import {
  DESCRIPTOR_FLAG,
  DESCRIPTOR_SIGNATURE,
  findExtra,
  IN_ZIP64,
  LOCAL_BYTES,
  locateWideFields,
  TORCH_PADDING_EXTRA,
  type WideField,
} from './zipRecords';

/** What a member's headers say of its data. */
export interface MemberSizes {
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly byteLength: number;
}

/** PyTorch aligns the data of its members to this, so that they can be mapped into memory. */
const TORCH_ALIGNMENT = 64;

/** Names and extras are short: one read takes nearly every header whole. */
const LIKELY_HEADER_BYTES = LOCAL_BYTES + 512;

/** A member's local header as it stands in the file. */
export async function readLocalHeader(
  source: ByteSource,
  entry: CentralEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  const available = source.byteLength - entry.localOffset;
  const start = await readBytes(
    source,
    entry.localOffset,
    Math.min(LIKELY_HEADER_BYTES, available),
  );
  const view = new DataView(start.buffer);
  const byteLength = LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  return byteLength <= start.length
    ? start.slice(0, byteLength)
    : readBytes(source, entry.localOffset, byteLength);
}

/**
 * Writes new sizes and checksum into a local header, where they stand there; with flag bit 3 they
 * stand in the descriptor, and the header's own fields stay as they are when they are empty.
 * @throws UnsupportedError when a size needs a zip64 field that the header has no room for.
 * Source: APPNOTE 4.3.7 and 4.4.4.
 */
export function updateLocalHeader(
  header: Uint8Array<ArrayBuffer>,
  entry: CentralEntry,
  sizes: MemberSizes,
): void {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const described = (entry.flags & DESCRIPTOR_FLAG) !== 0;
  if (described && view.getUint32(14, true) === 0) return;
  view.setUint32(14, sizes.crc32, true);
  const extras = { start: LOCAL_BYTES + view.getUint16(26, true), end: header.length };
  const [byteLength, compressedBytes] = locateWideFields(view, [22, 18], extras);
  writeWideField(view, byteLength ?? null, sizes.byteLength, entry.name);
  writeWideField(view, compressedBytes ?? null, sizes.compressedBytes, entry.name);
}

/** @throws UnsupportedError when the number does not fit where it stands. */
export function writeWideField(
  view: DataView,
  field: WideField | null,
  value: number,
  name: string,
): void {
  if (field?.wide === true) {
    view.setBigUint64(field.offset, BigInt(value), true);
    return;
  }
  if (field === null || value >= IN_ZIP64) {
    throw new UnsupportedError({
      feature: `rewriting the zip member ${JSON.stringify(name)}`,
      found: `the number ${value} in an archive without zip64 fields for it`,
      supported: `at most ${IN_ZIP64 - 1}`,
    });
  }
  view.setUint32(field.offset, value, true);
}

/**
 * The header with PyTorch's padding renewed, so that data which was aligned to 64 bytes still is when
 * the header stands at `localOffset`; unchanged where the header has no such padding.
 * Source: torch/csrc, caffe2/serialize/inline_container.cc, getPadding.
 */
export function realigned(
  header: Uint8Array<ArrayBuffer>,
  entry: CentralEntry,
  localOffset: number,
): Uint8Array<ArrayBuffer> {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const extras = { start: LOCAL_BYTES + view.getUint16(26, true), end: header.length };
  const padding = findExtra(view, extras, TORCH_PADDING_EXTRA);
  const wasAligned = (entry.localOffset + header.length) % TORCH_ALIGNMENT === 0;
  if (padding === null || !wasAligned) return header;
  const unpadded = localOffset + header.length - padding.byteLength;
  const newPadding = (TORCH_ALIGNMENT - (unpadded % TORCH_ALIGNMENT)) % TORCH_ALIGNMENT;
  const result = new Uint8Array(header.length - padding.byteLength + newPadding);
  result.set(header.subarray(0, padding.offset));
  result.fill('Z'.charCodeAt(0), padding.offset, padding.offset + newPadding);
  result.set(header.subarray(padding.offset + padding.byteLength), padding.offset + newPadding);
  const resultView = new DataView(result.buffer);
  resultView.setUint16(padding.offset - 2, newPadding, true);
  resultView.setUint16(28, result.length - extras.start, true);
  return result;
}

/**
 * The data descriptor of a member with new sizes, in the form it has in the file: with or without
 * signature, sizes in four or eight bytes; empty where the member has none.
 * @throws FormatError when what follows the data is no descriptor of the member.
 * Source: APPNOTE 4.3.9.
 */
export async function updatedDescriptor(
  source: ByteSource,
  entry: CentralEntry,
  dataEnd: number,
  sizes: MemberSizes,
): Promise<Uint8Array<ArrayBuffer>> {
  if ((entry.flags & DESCRIPTOR_FLAG) === 0) return new Uint8Array(0);
  const available = Math.min(MAX_DESCRIPTOR_BYTES, source.byteLength - dataEnd);
  const bytes = await readBytes(source, dataEnd, available);
  const view = new DataView(bytes.buffer);
  const signed = available >= 16 && view.getUint32(0, true) === DESCRIPTOR_SIGNATURE;
  const form = descriptorForm(view, signed ? 4 : 0, entry);
  if (form === null) {
    throw new FormatError({
      format: 'zip',
      place: `member ${JSON.stringify(entry.name)}`,
      found: 'no data descriptor with the sizes of the central directory',
      allowed: 'one after the data, as the flags say',
      byteOffset: dataEnd,
    });
  }
  view.setUint32(form.crcOffset, sizes.crc32, true);
  writeWideField(view, form.compressedBytes, sizes.compressedBytes, entry.name);
  writeWideField(view, form.byteLength, sizes.byteLength, entry.name);
  return bytes.slice(0, form.end);
}

const MAX_DESCRIPTOR_BYTES = 24;

interface DescriptorForm {
  readonly crcOffset: number;
  readonly compressedBytes: WideField;
  readonly byteLength: WideField;
  readonly end: number;
}

function descriptorForm(
  view: DataView,
  crcOffset: number,
  entry: CentralEntry,
): DescriptorForm | null {
  for (const sizeBytes of [4, 8]) {
    const end = crcOffset + 4 + 2 * sizeBytes;
    if (end > view.byteLength || view.getUint32(crcOffset, true) !== entry.crc32) continue;
    const read = (offset: number): number =>
      sizeBytes === 4 ? view.getUint32(offset, true) : Number(view.getBigUint64(offset, true));
    const sizes = [crcOffset + 4, crcOffset + 4 + sizeBytes] as const;
    if (read(sizes[0]) !== entry.compressedBytes || read(sizes[1]) !== entry.byteLength) continue;
    const field = (offset: number): WideField => ({ offset, wide: sizeBytes === 8 });
    return { crcOffset, compressedBytes: field(sizes[0]), byteLength: field(sizes[1]), end };
  }
  return null;
}
