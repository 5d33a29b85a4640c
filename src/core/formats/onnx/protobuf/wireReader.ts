import { FormatError } from '../../../errors';
import type { ByteSource } from '../../../io';
import { MAX_PROTOBUF_FIELDS, MAX_PROTOBUF_ITEMS, MAX_PROTOBUF_TEXT_BYTES } from '../../../limits';
import { MessageCursor } from './messageCursor';

/** A run of bytes of the file. */
export interface WireRange {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** A message inside the file, with those around it: their lengths change with its own. */
export interface WireMessage extends WireRange {
  /** Where the varint of its length stands; null for the file itself. */
  readonly lengthOffset: number | null;
  readonly parent: WireMessage | null;
}

const WINDOW_BYTES = 64 * 1024;

/**
 * Reads protobuf messages of any size from a file through one small window: payloads that nobody
 * asks for are stepped over, so weights are never read.
 * Source: the encoding chapter of the Protocol Buffers documentation.
 */
export class WireReader {
  /** The file as the outermost message. */
  readonly root: WireMessage;
  private readonly buffer = new Uint8Array(WINDOW_BYTES);
  private window = new Uint8Array(0);
  private windowStart = 0;
  private fieldCount = 0;
  private itemCount = 0;

  constructor(
    private readonly source: ByteSource,
    readonly format: string,
  ) {
    this.root = { byteOffset: 0, byteLength: source.byteLength, lengthOffset: null, parent: null };
  }

  /** A cursor before the first field of a message. `what` names the message in errors. */
  fields(message: WireMessage, what: string): MessageCursor {
    return new MessageCursor(this, message, what);
  }

  /**
   * Counts something that is kept in memory for each occurrence.
   * @param weight how many plain items it takes the place of
   * @throws FormatError beyond the cap.
   */
  countItem(what: string, weight = 1): void {
    this.itemCount += weight;
    if (this.itemCount > MAX_PROTOBUF_ITEMS) {
      throw this.error(what, `more than ${MAX_PROTOBUF_ITEMS} parts`, 'a model of fewer parts');
    }
  }

  /** @throws FormatError beyond the cap. */
  countField(what: string): void {
    if (++this.fieldCount > MAX_PROTOBUF_FIELDS) {
      throw this.error(what, `more than ${MAX_PROTOBUF_FIELDS} fields`, 'a model of fewer fields');
    }
  }

  /** Whether these bytes can be taken with {@link byteAt}. */
  holds(byteOffset: number, byteLength: number): boolean {
    const start = byteOffset - this.windowStart;
    return start >= 0 && start + byteLength <= this.window.length;
  }

  /** Moves the window to `byteOffset`. */
  async load(byteOffset: number): Promise<void> {
    const length = Math.min(WINDOW_BYTES, this.source.byteLength - byteOffset);
    const bytes = this.buffer.subarray(0, length);
    this.window = bytes.subarray(0, 0);
    await this.source.readInto(byteOffset, bytes);
    this.window = bytes;
    this.windowStart = byteOffset;
  }

  byteAt(byteOffset: number): number {
    return this.window[byteOffset - this.windowStart] ?? 0;
  }

  /** The bytes of a range that is known to be small. Valid until the next read. */
  async bytes({ byteOffset, byteLength }: WireRange): Promise<Uint8Array> {
    if (!this.holds(byteOffset, byteLength)) {
      if (byteLength > WINDOW_BYTES) {
        const own = new Uint8Array(byteLength);
        await this.source.readInto(byteOffset, own);
        return own;
      }
      await this.load(byteOffset);
    }
    const start = byteOffset - this.windowStart;
    return this.window.subarray(start, start + byteLength);
  }

  /** @throws FormatError when the text is too long for a name, or is not UTF-8. */
  async text(range: WireRange, what: string): Promise<string> {
    if (range.byteLength > MAX_PROTOBUF_TEXT_BYTES) {
      const found = `a text of ${range.byteLength} bytes`;
      throw this.error(what, found, `at most ${MAX_PROTOBUF_TEXT_BYTES}`, range.byteOffset);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(await this.bytes(range));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw this.error(what, 'bytes that are not UTF-8', 'UTF-8 text', range.byteOffset);
    }
  }

  /** The first kibibytes of a text that may be long, e.g. a description. */
  async excerpt({ byteOffset, byteLength }: WireRange): Promise<string> {
    const bytes = await this.bytes({ byteOffset, byteLength: Math.min(byteLength, 4096) });
    return new TextDecoder().decode(bytes);
  }

  error(place: string, found: string, allowed: string, byteOffset?: number): FormatError {
    const at = byteOffset === undefined ? {} : { byteOffset };
    return new FormatError({ format: this.format, place, found, allowed, ...at });
  }
}
