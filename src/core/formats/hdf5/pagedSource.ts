import { type ByteSource, readBytes } from '../../io';

/** How much is kept. */
export interface Paging {
  readonly pageBytes: number;
  readonly pages: number;
}

/**
 * A file of which pages are kept, for many small reads that lie close together. Reads of more than a page go to
 * the file itself.
 */
export class PagedSource implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  /** By index, the one used last at the end. */
  private readonly kept = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(
    private readonly source: ByteSource,
    private readonly paging: Paging,
  ) {
    this.name = source.name;
    this.byteLength = source.byteLength;
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    const { pageBytes } = this.paging;
    // Outside of the file, too: the source says what is wrong then.
    if (target.length > pageBytes || byteOffset + target.length > this.byteLength) {
      await this.source.readInto(byteOffset, target);
      return;
    }
    let filled = 0;
    while (filled < target.length) {
      const at = byteOffset + filled;
      const index = Math.floor(at / pageBytes);
      const page = this.kept.get(index) ?? (await this.readPage(index));
      const start = at - index * pageBytes;
      const part = page.subarray(start, start + target.length - filled);
      target.set(part, filled);
      filled += part.length;
    }
  }

  private async readPage(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const { pageBytes, pages } = this.paging;
    const start = index * pageBytes;
    const bytes = await readBytes(this.source, start, Math.min(pageBytes, this.byteLength - start));
    this.kept.set(index, bytes);
    const [oldest] = this.kept.keys();
    if (this.kept.size > pages && oldest !== undefined) this.kept.delete(oldest);
    return bytes;
  }
}
