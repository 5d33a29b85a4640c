import type { FieldCursor } from './fieldCursor';
import { decodeText } from './fieldCursor';

/** One step of a filter pipeline, in the order in which writing applies them. */
export interface Filter {
  readonly id: number;
  /** As the file names it; empty for the library's own. */
  readonly name: string;
  readonly parameters: readonly number[];
}

export const FilterId = { deflate: 1, shuffle: 2, fletcher32: 3, lzf: 32000 } as const;

/** The specification's own limit. */
const MAX_FILTERS = 32;

/**
 * Parses a filter pipeline message, versions 1 and 2.
 * @throws FormatError for more than 32 filters.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.l.
 */
export function parseFilters(cursor: FieldCursor): readonly Filter[] {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw cursor.bad(`version ${version}`, 'versions 1 and 2');
  const count = cursor.u8();
  if (count > MAX_FILTERS) throw cursor.bad(`${count} filters`, `at most ${MAX_FILTERS}`);
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => parseFilter(cursor, version));
}

function parseFilter(cursor: FieldCursor, version: number): Filter {
  const id = cursor.u16();
  // Version 2 leaves the name out for the library's own filters.
  const nameBytes = version === 1 || id >= 256 ? cursor.u16() : 0;
  cursor.skip(2);
  const parameterCount = cursor.u16();
  const padded = version === 1 ? 8 * Math.ceil(nameBytes / 8) : nameBytes;
  const name = decodeText(cursor.take(padded)).replace(/\0.*$/s, '');
  const parameters = Array.from({ length: parameterCount }, () => cursor.u32());
  if (version === 1 && parameterCount % 2 === 1) cursor.skip(4);
  return { id, name, parameters };
}
