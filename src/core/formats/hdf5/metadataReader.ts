import { type ByteSource, readBytes } from '../../io';
import { HDF5_READ_FACTOR, HDF5_READ_FREE_BYTES, MAX_HDF5_BLOCK_BYTES } from '../../limits';
import { lookup3 } from './checksums';
import { FieldCursor, type FieldWidths } from './fieldCursor';
import { malformed } from './hdf5Error';
import { PagedSource } from './pagedSource';

/** Small structures lie close together. */
const PAGING = { pageBytes: 16 * 1024, pages: 256 };
const CHECKSUM_BYTES = 4;

/** The part of a source that an HDF5 file takes. */
export interface FileExtent {
  /** Where address 0 lies: after a user block, say. */
  readonly baseOffset: number;
  /** The first byte after the file's data. */
  readonly endOffset: number;
  readonly widths: FieldWidths;
}

/**
 * Reads the structures of one HDF5 file by their addresses. What is read in all is bounded, so that structures which refer to one
 * another over and over end in an error.
 */
export class MetadataReader {
  private readonly paged: ByteSource;
  private bytesLeft: number;

  constructor(
    readonly source: ByteSource,
    readonly extent: FileExtent,
  ) {
    this.paged = new PagedSource(source, PAGING);
    this.bytesLeft = HDF5_READ_FREE_BYTES + HDF5_READ_FACTOR * source.byteLength;
  }

  get widths(): FieldWidths {
    return this.extent.widths;
  }

  /** @throws FormatError when the range does not lie within the file, or the reading never ends. */
  async read(address: number, byteLength: number, place: string): Promise<FieldCursor> {
    const byteOffset = this.locate(address, byteLength, place);
    if (byteLength > MAX_HDF5_BLOCK_BYTES) {
      const allowed = `at most ${MAX_HDF5_BLOCK_BYTES}`;
      throw malformed({ place, found: `a structure of ${byteLength} bytes`, allowed, byteOffset });
    }
    this.spend(byteLength, place);
    return new FieldCursor(await readBytes(this.paged, byteOffset, byteLength), this.widths, {
      place,
      byteOffset,
    });
  }

  /**
   * A structure that ends in its own checksum.
   * @throws FormatError when the checksum is not that of the bytes before it.
   */
  async readChecked(address: number, byteLength: number, place: string): Promise<FieldCursor> {
    const cursor = await this.read(address, byteLength, place);
    assertChecksum(cursor);
    return cursor;
  }

  /** As {@link read}, but at most as much as the file still has. */
  readUpTo(address: number, byteLength: number, place: string): Promise<FieldCursor> {
    const rest = this.extent.endOffset - this.extent.baseOffset - address;
    return this.read(address, Math.max(0, Math.min(byteLength, rest)), place);
  }

  /**
   * The absolute offset of an address.
   * @throws FormatError when the bytes from there on do not lie within the file.
   */
  locate(address: number, byteLength: number, place: string): number {
    const { baseOffset, endOffset } = this.extent;
    const byteOffset = baseOffset + address;
    if (byteOffset + byteLength <= endOffset) return byteOffset;
    throw malformed({
      place,
      found: `${byteLength} bytes at address ${address}`,
      allowed: `addresses below ${endOffset - baseOffset}, where the file ends`,
      byteOffset: Math.min(byteOffset, endOffset),
    });
  }

  /** Counts work that grows with what the file claims. @throws FormatError when it is too much. */
  spend(byteLength: number, place: string): void {
    this.bytesLeft -= byteLength;
    if (this.bytesLeft >= 0) return;
    throw malformed({
      place,
      found: 'structures that refer to the same bytes over and over',
      allowed: `at most ${HDF5_READ_FACTOR} times the file's size`,
    });
  }
}

/** @throws FormatError when the last four bytes are not the checksum of those before them. */
export function assertChecksum(cursor: FieldCursor): void {
  const { bytes, where } = cursor;
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < 0) throw cursor.bad(`${bytes.length} bytes`, 'a structure with a checksum');
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, CHECKSUM_BYTES);
  const expected = stored.getUint32(0, true);
  const found = lookup3(bytes.subarray(0, end));
  if (found === expected) return;
  throw malformed({
    place: where.place,
    found: `the checksum ${expected.toString(16)}: the bytes are damaged`,
    allowed: found.toString(16),
    byteOffset: where.byteOffset,
  });
}
