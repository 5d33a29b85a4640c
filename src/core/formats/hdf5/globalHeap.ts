import { MAX_HDF5_BLOCK_BYTES } from '../../limits';
import type { FieldCursor } from './fieldCursor';
import { malformed } from './hdf5Error';
import type { MetadataReader } from './metadataReader';

const PREFIX_BYTES = 8;
/** Collections are kept while their strings are read, which mostly lie in one. */
const MAX_COLLECTIONS = 4;

/**
 * The file's heaps of variable-length values, read a collection at a time.
 * Source: HDF5 File Format Specification 3.0, section III.E.
 */
export class GlobalHeap {
  private readonly collections = new Map<number, ReadonlyMap<number, Uint8Array<ArrayBuffer>>>();

  constructor(private readonly reader: MetadataReader) {}

  /**
   * The value that a reference (length, collection, index) names; empty for a null reference.
   * @throws FormatError when there is no such object, or it is shorter.
   */
  async value(reference: FieldCursor): Promise<Uint8Array<ArrayBuffer>> {
    const byteLength = reference.u32();
    const address = reference.address();
    const index = reference.u32();
    if (byteLength === 0 || address === null || address === 0) return new Uint8Array(0);
    const object = (await this.collection(address)).get(index);
    if (object === undefined || object.length < byteLength) {
      throw reference.bad(
        `a value of ${byteLength} bytes as object ${index} of the heap at ${address}`,
        object === undefined ? 'an object that is there' : `${object.length} bytes`,
      );
    }
    this.reader.spend(byteLength, reference.where.place);
    return object.subarray(0, byteLength);
  }

  private async collection(address: number): Promise<ReadonlyMap<number, Uint8Array<ArrayBuffer>>> {
    const known = this.collections.get(address);
    if (known !== undefined) return known;
    const objects = await this.readCollection(address);
    this.collections.set(address, objects);
    const [oldest] = this.collections.keys();
    if (this.collections.size > MAX_COLLECTIONS && oldest !== undefined) {
      this.collections.delete(oldest);
    }
    return objects;
  }

  private async readCollection(address: number): Promise<Map<number, Uint8Array<ArrayBuffer>>> {
    const place = `global heap at address ${address}`;
    const { lengthBytes } = this.reader.widths;
    const header = await this.reader.read(address, PREFIX_BYTES + lengthBytes, place);
    header.signature('GCOL');
    header.version(1);
    header.skip(3);
    const byteLength = header.length();
    if (byteLength > MAX_HDF5_BLOCK_BYTES) {
      const found = `a heap of ${byteLength} bytes`;
      throw malformed({ place, found, allowed: `at most ${MAX_HDF5_BLOCK_BYTES}` });
    }
    const cursor = await this.reader.read(address, byteLength, place);
    cursor.skip(header.position);
    return parseObjects(cursor, 8 + lengthBytes);
  }
}

function parseObjects(
  cursor: FieldCursor,
  headerBytes: number,
): Map<number, Uint8Array<ArrayBuffer>> {
  const objects = new Map<number, Uint8Array<ArrayBuffer>>();
  while (cursor.remaining >= headerBytes) {
    const index = cursor.u16();
    // Object 0 is the free space at the end.
    if (index === 0) return objects;
    cursor.skip(6);
    const byteLength = cursor.length();
    objects.set(index, cursor.take(byteLength));
    cursor.skip(Math.min(cursor.remaining, (8 - (byteLength % 8)) % 8));
  }
  return objects;
}
