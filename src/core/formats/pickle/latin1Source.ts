import { FormatError, type Place } from '../../errors';
import type { ByteSource } from '../../io';
import { decodeLatin1 } from '../../kernels/latin1Kernel';
import { LATIN1_WINDOW_BYTES } from '../../limits';

/** Bytes written as text: one character from U+0000 to U+00FF for each, in UTF-8. */
export interface Latin1Range {
  readonly source: ByteSource;
  readonly byteOffset: number;
  /** Bytes of the text. */
  readonly textBytes: number;
  /** Bytes that the text stands for. */
  readonly byteLength: number;
  readonly where: Place;
}

/**
 * The bytes that a text stands for, as a file in constant space: read forwards it costs one pass, and
 * reading behind goes on from the nearest place that was passed before.
 * @throws FormatError on reading, when the text is not of such characters or not as long as said.
 */
export function latin1Source(range: Latin1Range): ByteSource {
  const reader = new Latin1Reader(range);
  let last: Promise<void> = Promise.resolve();
  return {
    name: `${range.source.name}: ${range.where.place}`,
    byteLength: range.byteLength,
    derived: true,
    readInto(byteOffset, target) {
      // One reader with one place: reads wait for each other.
      last = last.catch(() => undefined).then(() => reader.readInto(byteOffset, target));
      return last;
    },
  };
}

/** A place in the text that was passed, and the byte that it stands for. */
interface Passed {
  readonly text: number;
  readonly decoded: number;
}

class Latin1Reader {
  private readonly window: Uint8Array;
  /** After each window, in order. */
  private readonly passed: Passed[] = [{ text: 0, decoded: 0 }];

  constructor(private readonly range: Latin1Range) {
    this.window = new Uint8Array(Math.min(LATIN1_WINDOW_BYTES, range.textBytes));
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    const end = byteOffset + target.length;
    if (end > this.range.byteLength) throw this.error(`a read to byte ${end}`);
    let { text, decoded } = this.nearest(byteOffset);
    while (decoded < end) {
      const bytes = await this.readWindow(text);
      if (bytes.length === 0) throw this.error(`${decoded} bytes`);
      const count = decodeLatin1(bytes, target, decoded - byteOffset);
      if (count < 0) throw this.error('other characters');
      text += bytes.length;
      decoded += count;
      this.remember({ text, decoded });
    }
  }

  private nearest(byteOffset: number): Passed {
    let low = 0;
    let high = this.passed.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.passed[middle]?.decoded ?? 0) <= byteOffset) low = middle;
      else high = middle;
    }
    return this.passed[low] ?? { text: 0, decoded: 0 };
  }

  private remember(place: Passed): void {
    const { byteLength, textBytes } = this.range;
    const isEnd = place.text === textBytes;
    if (isEnd ? place.decoded !== byteLength : place.decoded > byteLength) {
      throw this.error(`${place.decoded} bytes`);
    }
    if (place.text > (this.passed.at(-1)?.text ?? 0)) this.passed.push(place);
  }

  /** Whole characters from a place of the text on. */
  private async readWindow(text: number): Promise<Uint8Array> {
    const { source, byteOffset, textBytes } = this.range;
    const bytes = this.window.subarray(0, Math.min(this.window.length, textBytes - text));
    await source.readInto(byteOffset + text, bytes);
    const last = bytes.at(-1) ?? 0;
    const cut = last >= 0xc0 && bytes.length > 1 ? 1 : 0;
    return bytes.subarray(0, bytes.length - cut);
  }

  private error(found: string): FormatError {
    return new FormatError({
      ...this.range.where,
      found: `text that stands for ${found}`,
      allowed: `characters up to U+00FF for ${this.range.byteLength} bytes`,
      byteOffset: this.range.byteOffset,
    });
  }
}
