import type { FieldCursor } from './fieldCursor';
import { unsupported } from './hdf5Error';

/** How the raw bytes of a data set are kept. */
export type Layout = CompactLayout | ContiguousLayout | ChunkedLayout;

export interface CompactLayout {
  readonly kind: 'compact';
  readonly byteLength: number;
  /** Absolute, in the file. */
  readonly byteOffset: number;
}

export interface ContiguousLayout {
  readonly kind: 'contiguous';
  /** Null where nothing was ever written. */
  readonly address: number | null;
  /** Null where the message does not say it. */
  readonly byteLength: number | null;
}

export interface ChunkedLayout {
  readonly kind: 'chunked';
  readonly chunkShape: readonly number[];
  readonly elementBytes: number;
  readonly index: ChunkIndex;
  /** Where the index begins; null where no chunk was ever written. */
  readonly address: number | null;
  /** Chunks that the edge cuts are stored without filters. */
  readonly unfilteredEdges: boolean;
}

/** How chunks are found. */
export type ChunkIndex =
  | { readonly kind: 'btree1' }
  | { readonly kind: 'implicit' }
  | { readonly kind: 'fixedArray' }
  | { readonly kind: 'extensibleArray' }
  | { readonly kind: 'btree2' }
  | {
      readonly kind: 'single';
      /** Of the chunk as stored, where it is filtered. */
      readonly filtered: { readonly byteLength: number; readonly filterMask: number } | null;
      /** Absolute offset of the address in the message. */
      readonly addressOffset: number;
    };

/**
 * Parses a data layout message, versions 1 to 4.
 * @param place the data set, for messages
 * @throws FormatError; UnsupportedError for virtual data sets.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.i.
 */
export function parseLayout(cursor: FieldCursor, place: string): Layout {
  const version = cursor.u8();
  if (version === 1 || version === 2) return parseOldLayout(cursor);
  if (version === 5) throw unsupported(place, 'a layout of version 5', 'versions 1 to 4');
  if (version !== 3 && version !== 4) throw cursor.bad(`version ${version}`, 'versions 1 to 4');
  const kind = cursor.u8();
  switch (kind) {
    case 0:
      return compact(cursor, cursor.u16());
    case 1:
      return { kind: 'contiguous', address: cursor.address(), byteLength: cursor.length() };
    case 2:
      return version === 3 ? parseChunked3(cursor) : parseChunked4(cursor);
    case 3:
      throw unsupported(place, 'a virtual data set', 'data sets with bytes of their own');
    default:
      throw cursor.bad(`layout class ${kind}`, 'classes 0 to 3');
  }
}

function compact(cursor: FieldCursor, byteLength: number): CompactLayout {
  const { byteOffset } = cursor;
  cursor.skip(byteLength);
  return { kind: 'compact', byteLength, byteOffset };
}

function parseOldLayout(cursor: FieldCursor): Layout {
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  if (kind > 2) throw cursor.bad(`layout class ${kind}`, 'classes 0 to 2');
  const address = kind === 0 ? null : cursor.address();
  const sizes = Array.from({ length: rank }, () => cursor.u32());
  if (kind === 0) return compact(cursor, cursor.u32());
  if (kind === 1) return { kind: 'contiguous', address, byteLength: null };
  return chunked(cursor, sizes, { address, index: { kind: 'btree1' }, unfilteredEdges: false });
}

function parseChunked3(cursor: FieldCursor): ChunkedLayout {
  const rank = cursor.u8();
  const address = cursor.address();
  const sizes = Array.from({ length: rank }, () => cursor.u32());
  return chunked(cursor, sizes, { address, index: { kind: 'btree1' }, unfilteredEdges: false });
}

function parseChunked4(cursor: FieldCursor): ChunkedLayout {
  const flags = cursor.u8();
  const rank = cursor.u8();
  const sizeBytes = cursor.u8();
  if (sizeBytes < 1 || sizeBytes > 8) throw cursor.bad(`sizes of ${sizeBytes} bytes`, '1 to 8');
  const sizes = Array.from({ length: rank }, () => cursor.unsigned(sizeBytes));
  const index = parseIndex(cursor, (flags & 2) !== 0);
  return chunked(cursor, sizes, {
    index,
    address: cursor.address(),
    unfilteredEdges: (flags & 1) !== 0,
  });
}

function parseIndex(cursor: FieldCursor, filteredSingle: boolean): ChunkIndex {
  const kind = cursor.u8();
  switch (kind) {
    case 1: {
      const filtered = filteredSingle
        ? { byteLength: cursor.length(), filterMask: cursor.u32() }
        : null;
      return { kind: 'single', filtered, addressOffset: cursor.byteOffset };
    }
    case 2:
      return { kind: 'implicit' };
    case 3:
      cursor.skip(1);
      return { kind: 'fixedArray' };
    case 4:
      cursor.skip(5);
      return { kind: 'extensibleArray' };
    case 5:
      cursor.skip(6);
      return { kind: 'btree2' };
    default:
      throw cursor.bad(`chunk index ${kind}`, 'indexes 1 to 5');
  }
}

/** @param sizes of a chunk along each axis, and of an element in bytes */
function chunked(
  cursor: FieldCursor,
  sizes: readonly number[],
  rest: Pick<ChunkedLayout, 'address' | 'index' | 'unfilteredEdges'>,
): ChunkedLayout {
  if (sizes.length < 2 || sizes.includes(0)) {
    throw cursor.bad(`chunks of ${JSON.stringify(sizes)}`, 'at least one axis, sizes from 1');
  }
  const elementBytes = sizes.at(-1) ?? 0;
  return { kind: 'chunked', chunkShape: sizes.slice(0, -1), elementBytes, ...rest };
}
