import type { FormatError } from '../../errors';
import { malformed } from './hdf5Error';

/** Widths of addresses and lengths, as the superblock states them. */
export interface FieldWidths {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** Where the bytes of a cursor come from. */
export interface CursorPlace {
  readonly place: string;
  /** Absolute offset of the first byte in the file. */
  readonly byteOffset: number;
}

/**
 * Reads little-endian fields one after the other; every read is bounded.
 * Each method throws FormatError when the bytes end before the field does.
 */
export class FieldCursor {
  /** Index of the next byte. */
  position = 0;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array<ArrayBuffer>,
    readonly widths: FieldWidths,
    readonly where: CursorPlace,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Absolute offset of the next byte in the file. */
  get byteOffset(): number {
    return this.where.byteOffset + this.position;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** A number of 1 to 8 bytes that must stay exact in a double. */
  unsigned(width: number): number {
    const start = this.advance(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + this.view.getUint8(start + i);
    if (value > Number.MAX_SAFE_INTEGER) throw this.bad(`the number ${value}`, 'at most 2^53 - 1');
    return value;
  }

  /** A length or a count. */
  length(): number {
    return this.unsigned(this.widths.lengthBytes);
  }

  /** A length that may be unlimited (all ones): null. */
  lengthOrUnlimited(): number | null {
    return this.unsignedOrOnes(this.widths.lengthBytes);
  }

  /** An address relative to the base address; null where it is undefined (all ones). */
  address(): number | null {
    return this.unsignedOrOnes(this.widths.offsetBytes);
  }

  /** An address that must be defined. */
  definedAddress(what: string): number {
    const address = this.address();
    if (address === null) throw this.bad(`no address of the ${what}`, 'an address');
    return address;
  }

  /** A view of the next bytes, not a copy. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const start = this.advance(byteLength);
    return this.bytes.subarray(start, start + byteLength);
  }

  skip(byteLength: number): void {
    this.advance(byteLength);
  }

  /** A cursor over the next bytes alone. */
  section(byteLength: number): FieldCursor {
    const where = { place: this.where.place, byteOffset: this.byteOffset };
    return new FieldCursor(this.take(byteLength), this.widths, where);
  }

  /** A cursor over some of the bytes, wherever this one stands. */
  sectionAt(start: number, byteLength: number): FieldCursor {
    const where = { place: this.where.place, byteOffset: this.where.byteOffset + start };
    return new FieldCursor(this.bytes.subarray(start, start + byteLength), this.widths, where);
  }

  /** Text up to a zero byte, which is consumed, or up to the end. */
  zeroTerminated(): string {
    const end = this.bytes.indexOf(0, this.position);
    const stop = end < 0 ? this.bytes.length : end;
    const text = decodeText(this.bytes.subarray(this.position, stop));
    this.position = Math.min(this.bytes.length, stop + 1);
    return text;
  }

  /** @throws FormatError unless the next four bytes are this signature. */
  signature(expected: string): void {
    const found = decodeText(this.take(4));
    if (found === expected) return;
    throw this.bad(`the signature ${JSON.stringify(found)}`, JSON.stringify(expected));
  }

  /** @throws FormatError unless the next byte is this version. */
  version(expected: number): void {
    const found = this.u8();
    if (found !== expected) throw this.bad(`version ${found}`, `version ${expected}`);
  }

  bad(found: string, allowed: string): FormatError {
    return malformed({
      place: this.where.place,
      found,
      allowed,
      byteOffset: this.byteOffset,
    });
  }

  private unsignedOrOnes(width: number): number | null {
    const start = this.position;
    const bytes = this.take(width);
    if (bytes.every((byte) => byte === 0xff)) return null;
    this.position = start;
    return this.unsigned(width);
  }

  private advance(byteLength: number): number {
    const start = this.position;
    if (byteLength > this.bytes.length - start) {
      throw this.bad(
        `the end after ${this.bytes.length - start} bytes`,
        `${byteLength} bytes more`,
      );
    }
    this.position = start + byteLength;
    return start;
  }
}

/** UTF-8, which ASCII is part of; bytes that are none become replacement characters. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}
