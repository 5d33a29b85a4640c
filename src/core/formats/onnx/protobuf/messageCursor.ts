import { MAX_VARINT_BYTES, varintValue } from './varint';
import type { WireMessage, WireRange, WireReader } from './wireReader';

/** Wire types of the encoding; groups (3 and 4) are long gone and refused. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The longest run that {@link MessageCursor.next} looks at: a tag and a varint. */
const HEADER_BYTES = 2 * MAX_VARINT_BYTES;

/** Steps through the fields of one message. Payloads are not read unless they are asked for. */
export class MessageCursor {
  fieldNumber = 0;
  /** Where the current field begins, with its tag. */
  fieldOffset = 0;
  /** Where the current field ends. */
  position: number;
  private wireType = 0;
  private number = 0;
  private payloadOffset = 0;
  private lengthOffset = 0;
  private readonly end: number;

  constructor(
    private readonly reader: WireReader,
    private readonly message: WireMessage,
    readonly what: string,
  ) {
    this.position = message.byteOffset;
    this.end = message.byteOffset + message.byteLength;
  }

  /**
   * Moves to the next field.
   * @returns false at the end of the message
   * @throws FormatError when the bytes keep no rule of the encoding.
   */
  async next(): Promise<boolean> {
    if (this.position >= this.end) return false;
    const needed = Math.min(HEADER_BYTES, this.end - this.position);
    if (!this.reader.holds(this.position, needed)) await this.reader.load(this.position);
    this.reader.countField(this.what);
    this.fieldOffset = this.position;
    const tag = this.takeVarint();
    this.fieldNumber = Math.floor(tag / 8);
    this.wireType = tag - this.fieldNumber * 8;
    if (this.fieldNumber < 1 || this.fieldNumber > 0x1fffffff) {
      throw this.broken(`field number ${this.fieldNumber}`, 'field numbers from 1 to 2^29 - 1');
    }
    this.takePayload();
    return true;
  }

  /** The current field as a whole number (int64; exact up to 2^53). */
  integer(): number {
    this.expect(VARINT, 'a whole number');
    return this.number;
  }

  /** The current field as a float. */
  float(): number {
    this.expect(FIXED32, 'a float');
    const view = new DataView(new ArrayBuffer(4));
    for (let i = 0; i < 4; i++) view.setUint8(i, this.reader.byteAt(this.payloadOffset + i));
    return view.getFloat32(0, true);
  }

  /** Where the current field's bytes lie. */
  range(): WireRange {
    this.expect(LENGTH_DELIMITED, 'a length-delimited field');
    return { byteOffset: this.payloadOffset, byteLength: this.position - this.payloadOffset };
  }

  /** The current field as a message inside this one. */
  inner(): WireMessage {
    this.expect(LENGTH_DELIMITED, 'a message');
    return {
      byteOffset: this.payloadOffset,
      byteLength: this.position - this.payloadOffset,
      lengthOffset: this.lengthOffset,
      parent: this.message,
    };
  }

  /** The current field as text of a name's length. */
  text(): Promise<string> {
    return this.reader.text(this.range(), this.what);
  }

  /**
   * The current field as a part of a repeated number: a packed run, or one number by itself.
   * @param width bytes of one number, or null for varints
   */
  numbers(width: 4 | 8 | null): WireRange {
    const single = width === null ? VARINT : width === 4 ? FIXED32 : FIXED64;
    if (this.wireType !== single && this.wireType !== LENGTH_DELIMITED) {
      throw this.wrongType('numbers');
    }
    return { byteOffset: this.payloadOffset, byteLength: this.position - this.payloadOffset };
  }

  /** The current field as repeated whole numbers, added to `target` up to `limit` of them. */
  async appendIntegers(target: number[], limit: number): Promise<void> {
    const { byteOffset, byteLength } = this.numbers(null);
    if (this.wireType === VARINT) {
      this.assertRoom(target, limit);
      target.push(this.number);
      return;
    }
    if (byteLength > limit * MAX_VARINT_BYTES) throw this.tooMany(limit);
    const bytes = await this.reader.bytes({ byteOffset, byteLength });
    for (let at = 0; at < bytes.length;) {
      this.assertRoom(target, limit);
      let last = at;
      while (last < bytes.length && (bytes[last] ?? 0) >= 0x80) last++;
      if (last >= bytes.length || last - at >= MAX_VARINT_BYTES) {
        throw this.broken('a number that does not end', 'varints of at most 10 bytes');
      }
      target.push(varintValue((i) => bytes[at + i] ?? 0, last + 1 - at));
      at = last + 1;
    }
  }

  broken(found: string, allowed: string): Error {
    return this.reader.error(this.what, found, allowed, this.fieldOffset);
  }

  private takePayload(): void {
    this.payloadOffset = this.position;
    switch (this.wireType) {
      case VARINT:
        this.number = this.takeVarint();
        return;
      case FIXED64:
        this.skip(8);
        return;
      case FIXED32:
        this.skip(4);
        return;
      case LENGTH_DELIMITED: {
        this.lengthOffset = this.position;
        const byteLength = this.takeVarint();
        this.payloadOffset = this.position;
        this.skip(byteLength);
        return;
      }
      default:
        throw this.broken(`wire type ${this.wireType}`, 'wire types 0, 1, 2 and 5');
    }
  }

  private skip(byteLength: number): void {
    const left = this.end - this.position;
    if (byteLength < 0 || byteLength > left) {
      const found = `field ${this.fieldNumber} of ${byteLength} bytes`;
      throw this.broken(found, `at most the ${left} bytes that are left`);
    }
    this.position += byteLength;
  }

  private takeVarint(): number {
    const start = this.position;
    const limit = Math.min(this.end, start + MAX_VARINT_BYTES);
    let last = start;
    while (last < limit && this.reader.byteAt(last) >= 0x80) last++;
    if (last >= limit) {
      const found = limit === this.end ? 'the end within a number' : 'a varint above 10 bytes';
      throw this.broken(found, 'varints of at most 10 bytes');
    }
    this.position = last + 1;
    return varintValue((i) => this.reader.byteAt(start + i), last + 1 - start);
  }

  private assertRoom(target: readonly number[], limit: number): void {
    if (target.length >= limit) throw this.tooMany(limit);
  }

  private tooMany(limit: number): Error {
    return this.broken(`more than ${limit} numbers`, `at most ${limit}`);
  }

  private expect(wireType: number, wanted: string): void {
    if (this.wireType !== wireType) throw this.wrongType(wanted);
  }

  private wrongType(wanted: string): Error {
    return this.broken(`field ${this.fieldNumber} of wire type ${this.wireType}`, wanted);
  }
}
