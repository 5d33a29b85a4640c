import { MAX_RANK } from '../../limits';
import type { FieldCursor } from './fieldCursor';

/** The shape of a data set or attribute. */
export interface Dataspace {
  /** Null where there are no elements at all (a null dataspace). */
  readonly shape: readonly number[] | null;
  /** Largest shape it may grow to; null for an axis without limit. */
  readonly maxShape: readonly (number | null)[];
}

/**
 * Parses a dataspace message, versions 1 and 2.
 * @throws FormatError for more than MAX_RANK axes.
 * Source: HDF5 File Format Specification 3.0, section IV.A.2.b.
 */
export function parseDataspace(cursor: FieldCursor): Dataspace {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw cursor.bad(`version ${version}`, 'versions 1 and 2');
  const rank = cursor.u8();
  if (rank > MAX_RANK) throw cursor.bad(`${rank} axes`, `at most ${MAX_RANK}`);
  const flags = cursor.u8();
  const isNull = version === 2 && cursor.u8() === 2;
  if (version === 1) cursor.skip(5);
  if (isNull) return { shape: null, maxShape: [] };
  const shape = Array.from({ length: rank }, () => cursor.length());
  const maxShape =
    (flags & 1) === 0 ? shape : Array.from({ length: rank }, () => cursor.lengthOrUnlimited());
  maxShape.forEach((most, axis) => {
    const size = shape[axis] ?? 0;
    if (most !== null && most < size) throw cursor.bad(`size ${size}`, `at most ${most}`);
  });
  return { shape, maxShape };
}
