import type { ByteSink } from './modelSink';
import type { ChecksummedRange, Model, Span } from './model';

/** Takes the checksum of every range that holds a cut tensor from the bytes as they are written. */
export class ChecksumRenewal {
  /** In the file's order; ranges do not overlap. */
  private readonly renewed: readonly RenewedRange[];
  /** The first range that bytes to come may belong to. */
  private next = 0;

  /** @param editedSpans in the file's order */
  constructor(model: Model, fileIndex: number, editedSpans: readonly Span[]) {
    const starts = editedSpans.map(({ byteOffset }) => byteOffset);
    this.renewed = model.checksums
      .filter(({ span }) => span.fileIndex === fileIndex && holdsOneOf(span, starts))
      .map(({ span, update, crcOffsets }) => ({ span, update, crcOffsets, checksum: 0 }))
      .sort((a, b) => a.span.byteOffset - b.span.byteOffset);
  }

  /** Bytes come in the file's order without gaps. */
  add(byteOffset: number, bytes: Uint8Array): void {
    const end = byteOffset + bytes.length;
    for (let i = this.next; i < this.renewed.length; i++) {
      const range = this.renewed[i];
      if (range === undefined || range.span.byteOffset >= end) return;
      const rangeEnd = range.span.byteOffset + range.span.byteLength;
      const from = Math.max(byteOffset, range.span.byteOffset);
      const part = bytes.subarray(from - byteOffset, Math.min(end, rangeEnd) - byteOffset);
      range.checksum = range.update(part, range.checksum);
      if (rangeEnd <= end) this.next = i + 1;
    }
  }

  async write(sink: ByteSink): Promise<void> {
    for (const { checksum, crcOffsets } of this.renewed) {
      const field = new Uint8Array(4);
      new DataView(field.buffer).setUint32(0, checksum, true);
      for (const { byteOffset } of crcOffsets) await sink.write(byteOffset, field);
    }
  }
}

interface RenewedRange extends Pick<ChecksummedRange, 'span' | 'update' | 'crcOffsets'> {
  checksum: number;
}

/** @param starts ascending */
function holdsOneOf(range: Span, starts: readonly number[]): boolean {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) < range.byteOffset) low = middle + 1;
    else high = middle;
  }
  const first = starts[low];
  return first !== undefined && first < range.byteOffset + range.byteLength;
}
