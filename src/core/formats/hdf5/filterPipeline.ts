import type { Compression } from '../../io';
import { fletcher32 } from './checksums';
import { malformed, unsupported } from './hdf5Error';
import { decodeLzf, encodeLzf } from './lzf';
import { type Filter, FilterId } from './parseFilters';

const CHECKSUM_BYTES = 4;
const DEFAULT_LEVEL = 6;

/** Names of registered filters that are met in practice. */
const FILTER_NAMES: Readonly<Record<number, string>> = {
  4: 'szip',
  5: 'nbit',
  6: 'scaleoffset',
  307: 'bzip2',
  32001: 'blosc',
  32004: 'lz4',
  32008: 'bitshuffle',
  32013: 'zfp',
  32015: 'zstd',
  32026: 'blosc2',
};

/** Decodes and encodes the chunks of one data set. */
export class FilterPipeline {
  /** @throws UnsupportedError naming the data set and the filter. */
  constructor(
    private readonly filters: readonly Filter[],
    private readonly compression: Compression,
    private readonly place: string,
  ) {
    const known: readonly number[] = Object.values(FilterId);
    const unknown = filters.find(({ id }) => !known.includes(id));
    if (unknown !== undefined) {
      const name = FILTER_NAMES[unknown.id] ?? unknown.name;
      throw unsupported(
        place,
        `the filter ${unknown.id}${name === '' ? '' : ` (${name})`}`,
        'deflate, shuffle, fletcher32 and lzf',
      );
    }
    if (filters.filter(({ id }) => isCompressing(id)).length > 1) {
      throw unsupported(place, 'two compressing filters', 'one');
    }
  }

  /** Whether a chunk with this mask is stored as it is. */
  isPlain(mask: number): boolean {
    return this.filters.every((_, i) => isMasked(mask, i));
  }

  /**
   * The chunk's values from its stored bytes.
   * @param byteLength of the decoded chunk
   * @throws FormatError naming the data set.
   */
  async decode(
    stored: Uint8Array<ArrayBuffer>,
    mask: number,
    byteLength: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = stored;
    for (let i = this.filters.length - 1; i >= 0; i--) {
      const filter = this.filters[i];
      if (filter === undefined || isMasked(mask, i)) continue;
      bytes = await this.undo(filter, bytes, byteLength + this.checksumBytes(mask, i));
    }
    if (bytes.length === byteLength) return bytes;
    throw malformed({
      place: this.place,
      found: `a chunk of ${bytes.length} bytes`,
      allowed: `${byteLength}`,
    });
  }

  /** The stored bytes of a chunk's values. */
  async encode(values: Uint8Array<ArrayBuffer>, mask: number): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = values;
    for (const [i, filter] of this.filters.entries()) {
      if (!isMasked(mask, i)) bytes = await this.apply(filter, bytes);
    }
    return bytes;
  }

  /** Checksums that the filters before this one put behind the values. */
  private checksumBytes(mask: number, index: number): number {
    const before = this.filters.filter(
      ({ id }, i) => i < index && id === FilterId.fletcher32 && !isMasked(mask, i),
    );
    return CHECKSUM_BYTES * before.length;
  }

  private async undo(
    filter: Filter,
    bytes: Uint8Array<ArrayBuffer>,
    byteLength: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    switch (filter.id) {
      case FilterId.deflate: {
        const expected = { byteLength, place: this.place, wrapper: 'zlib' } as const;
        return this.compression.inflate(bytes, expected);
      }
      case FilterId.lzf:
        return decodeLzf(bytes, byteLength, this.place);
      case FilterId.shuffle:
        return unshuffle(bytes, filter.parameters[0] ?? 1);
      default:
        return this.withoutChecksum(bytes);
    }
  }

  private async apply(
    filter: Filter,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    switch (filter.id) {
      case FilterId.deflate:
        return this.deflate(bytes, filter.parameters[0] ?? DEFAULT_LEVEL);
      case FilterId.lzf:
        return encodeLzf(bytes);
      case FilterId.shuffle:
        return shuffle(bytes, filter.parameters[0] ?? 1);
      default:
        return withChecksum(bytes);
    }
  }

  private async deflate(
    bytes: Uint8Array<ArrayBuffer>,
    level: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    const options = { wrapper: 'zlib', level: Math.min(9, Math.max(1, level)) } as const;
    for await (const part of this.compression.deflate([bytes], options)) parts.push(part);
    const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }

  private withoutChecksum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const values = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
    const found = fletcher32(values);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const stored = bytes.length < CHECKSUM_BYTES ? -1 : view.getUint32(values.length, true);
    // Libraries before 1.6.3 stored the bytes of each half the other way round.
    if (stored === found || stored === swapHalves(found)) return values;
    throw malformed({
      place: this.place,
      found: `a chunk with the checksum ${found.toString(16)}: its bytes are damaged`,
      allowed: stored.toString(16),
    });
  }
}

function isCompressing(id: number): boolean {
  return id === FilterId.deflate || id === FilterId.lzf;
}

function isMasked(mask: number, index: number): boolean {
  return ((mask >>> index) & 1) !== 0;
}

function swapHalves(sum: number): number {
  return (((sum & 0x00ff00ff) << 8) | ((sum & 0xff00ff00) >>> 8)) >>> 0;
}

function withChecksum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length + CHECKSUM_BYTES);
  result.set(bytes);
  new DataView(result.buffer).setUint32(bytes.length, fletcher32(bytes), true);
  return result;
}

/** First bytes of all elements, then second ones, and so on; what is left over at the end stays. */
function shuffle(bytes: Uint8Array<ArrayBuffer>, elementBytes: number): Uint8Array<ArrayBuffer> {
  const result = bytes.slice();
  const count = elementBytes < 2 ? 0 : Math.floor(bytes.length / elementBytes);
  for (let byte = 0; byte < elementBytes && count > 0; byte++) {
    const start = byte * count;
    for (let i = 0; i < count; i++) result[start + i] = bytes[i * elementBytes + byte] ?? 0;
  }
  return result;
}

function unshuffle(bytes: Uint8Array<ArrayBuffer>, elementBytes: number): Uint8Array<ArrayBuffer> {
  const result = bytes.slice();
  const count = elementBytes < 2 ? 0 : Math.floor(bytes.length / elementBytes);
  for (let byte = 0; byte < elementBytes && count > 0; byte++) {
    const start = byte * count;
    for (let i = 0; i < count; i++) result[i * elementBytes + byte] = bytes[start + i] ?? 0;
  }
  return result;
}
