// Signatures and sizes of the records of a zip archive: PKWARE APPNOTE 6.3.10, section 4.3.

export const END_SIGNATURE = 0x06054b50;
export const END64_SIGNATURE = 0x06064b50;
export const END64_LOCATOR_SIGNATURE = 0x07064b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const LOCAL_SIGNATURE = 0x04034b50;
export const DESCRIPTOR_SIGNATURE = 0x08074b50;

export const END_BYTES = 22;
export const END64_BYTES = 56;
export const END64_LOCATOR_BYTES = 20;
export const CENTRAL_BYTES = 46;
export const LOCAL_BYTES = 30;
export const MAX_COMMENT_BYTES = 0xffff;

/** Compression methods: the bytes as they are, and deflate. */
export const STORED = 0;
export const DEFLATED = 8;

/** Bits of the general purpose flag. */
export const ENCRYPTED_FLAG = 1;
/** CRC-32 and sizes follow the data in a descriptor. */
export const DESCRIPTOR_FLAG = 8;
export const UTF8_FLAG = 0x800;

/** A 32-bit field of all ones says that its value stands in the zip64 extra field. */
export const IN_ZIP64 = 0xffffffff;
export const ZIP64_EXTRA = 0x0001;
/** The padding by which PyTorch aligns the data of its members to 64 bytes ("FB"). */
export const TORCH_PADDING_EXTRA = 0x4246;

/**
 * Where the data of an extra field begins within `view`, or null.
 * @param start of the extra fields, which end at `end`
 */
export function findExtra(
  view: DataView,
  { start, end }: { readonly start: number; readonly end: number },
  id: number,
): { readonly offset: number; readonly byteLength: number } | null {
  let at = start;
  while (at + 4 <= end) {
    const byteLength = view.getUint16(at + 2, true);
    if (at + 4 + byteLength > end) return null;
    if (view.getUint16(at, true) === id) return { offset: at + 4, byteLength };
    at += 4 + byteLength;
  }
  return null;
}

/** Where a number stands: in four bytes of the record, or in eight of its zip64 extra field. */
export interface WideField {
  readonly offset: number;
  readonly wide: boolean;
}

/**
 * Where the 32-bit fields at these offsets really stand: those that are all ones stand in the zip64
 * extra, in the order given; null for one that the extra should hold, and does not.
 * Source: APPNOTE 4.5.3.
 */
export function locateWideFields(
  view: DataView,
  fieldOffsets: readonly number[],
  extras: { readonly start: number; readonly end: number },
): readonly (WideField | null)[] {
  const extra = findExtra(view, extras, ZIP64_EXTRA);
  let at = extra?.offset ?? 0;
  const end = extra === null ? 0 : extra.offset + extra.byteLength;
  return fieldOffsets.map((offset) => {
    if (extra === null || view.getUint32(offset, true) !== IN_ZIP64) return { offset, wide: false };
    if (at + 8 > end) return null;
    at += 8;
    return { offset: at - 8, wide: true };
  });
}
