import { FormatError, type Place } from '../../errors';
import type { ByteSource } from '../../io';
import { MAX_PICKLE_LINE_BYTES, PICKLE_WINDOW_BYTES } from '../../limits';

/** More than any opcode needs at once: a kept text, or a line. */
const LOOKAHEAD_BYTES = 4 * MAX_PICKLE_LINE_BYTES;
const NEWLINE = 0x0a;

/**
 * Reads a pickle forwards through a window. What fits the lookahead is read at once; longer payloads
 * are skipped, so that their bytes never come into memory.
 */
export class PickleCursor {
  private readonly buffer = new Uint8Array(PICKLE_WINDOW_BYTES);
  private readonly view = new DataView(this.buffer.buffer);
  /** Where the window begins in the source, and how much of it is filled. */
  private start: number;
  private filled = 0;
  /** Within the window; beyond it after a skip. */
  private at = 0;

  constructor(
    private readonly source: ByteSource,
    byteOffset: number,
    readonly where: Place,
  ) {
    this.start = byteOffset;
  }

  get byteOffset(): number {
    return this.start + this.at;
  }

  get remaining(): number {
    return this.source.byteLength - this.byteOffset;
  }

  /** Whether {@link fill} must be called before the next opcode. */
  get isLow(): boolean {
    const ahead = this.filled - this.at;
    return ahead < LOOKAHEAD_BYTES && this.start + this.filled < this.source.byteLength;
  }

  /** Moves the window to the current place. */
  async fill(): Promise<void> {
    this.start = this.byteOffset;
    this.at = 0;
    this.filled = Math.min(this.buffer.length, this.source.byteLength - this.start);
    await this.source.readInto(this.start, this.buffer.subarray(0, this.filled));
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** @throws FormatError above 2^53 - 1, which is beyond any file. */
  uint64(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw this.error(`a length of ${value}`, `at most the ${this.remaining} bytes left`);
  }

  /** A view of the next bytes, only valid until the next {@link fill}; at most the lookahead. */
  bytes(byteLength: number): Uint8Array {
    const at = this.take(byteLength);
    return this.buffer.subarray(at, at + byteLength);
  }

  /** Steps over a payload. @throws FormatError when the file ends before that. */
  skip(byteLength: number, what: string): void {
    if (byteLength > this.remaining) {
      throw this.error(`${what} of ${byteLength} bytes`, `at most the ${this.remaining} left`);
    }
    this.at += byteLength;
  }

  /** Whether the line ends within what {@link line} takes. */
  hasShortLine(): boolean {
    const end = this.buffer.subarray(0, this.filled).indexOf(NEWLINE, this.at);
    return end >= 0 && end - this.at <= MAX_PICKLE_LINE_BYTES;
  }

  /** The bytes up to the next newline, which is read too. */
  line(): Uint8Array {
    const end = this.buffer.subarray(0, this.filled).indexOf(NEWLINE, this.at);
    if (end < 0 || end - this.at > MAX_PICKLE_LINE_BYTES) {
      if (end < 0 && this.start + this.filled >= this.source.byteLength) throw this.endsEarly();
      throw this.error('a longer line', `at most ${MAX_PICKLE_LINE_BYTES} bytes`);
    }
    const line = this.buffer.subarray(this.at, end);
    this.at = end + 1;
    return line;
  }

  /** Steps over a line of any length. @returns its length without the newline. */
  async skipLine(): Promise<number> {
    const from = this.byteOffset;
    for (;;) {
      const end = this.buffer.subarray(0, this.filled).indexOf(NEWLINE, this.at);
      if (end >= 0) {
        this.at = end + 1;
        return this.start + end - from;
      }
      this.at = Math.max(this.at, this.filled);
      if (this.remaining <= 0) throw this.endsEarly();
      await this.fill();
    }
  }

  error(found: string, allowed: string, byteOffset = this.byteOffset): FormatError {
    return new FormatError({ ...this.where, found, allowed, byteOffset });
  }

  endsEarly(): FormatError {
    return this.error('the end of the file', 'a pickle that ends with STOP');
  }

  private take(byteLength: number): number {
    const at = this.at;
    if (at + byteLength > this.filled) throw this.endsEarly();
    this.at = at + byteLength;
    return at;
  }
}
