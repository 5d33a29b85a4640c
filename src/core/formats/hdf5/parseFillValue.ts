import type { FieldCursor } from './fieldCursor';

/**
 * The bytes of one element that was never written; null where they are zero or not defined.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.f, versions 1 to 3.
 */
export function parseFillValue(cursor: FieldCursor): Uint8Array<ArrayBuffer> | null {
  const version = cursor.u8();
  if (version < 1 || version > 3) throw cursor.bad(`version ${version}`, 'versions 1 to 3');
  if (version === 3) {
    const flags = cursor.u8();
    return (flags & 0x20) === 0 ? null : fillBytes(cursor);
  }
  cursor.skip(2);
  const defined = cursor.u8() !== 0;
  return version === 1 || defined ? fillBytes(cursor) : null;
}

/** The message of versions before 1.6. Source: section IV.A.2.e. */
export function parseOldFillValue(cursor: FieldCursor): Uint8Array<ArrayBuffer> | null {
  return fillBytes(cursor);
}

function fillBytes(cursor: FieldCursor): Uint8Array<ArrayBuffer> | null {
  const byteLength = cursor.u32();
  const bytes = cursor.take(byteLength);
  return bytes.some((byte) => byte !== 0) ? bytes : null;
}
