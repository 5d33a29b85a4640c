import { FormatError, type Place } from '../../errors';
import type { Span } from '../../model/model';
import type { StorageReference } from './storageReference';

/** Where the bytes of storages lie. */
export interface Storages {
  /** False where a zip archive says so: legacy files are always little-endian. */
  readonly littleEndian: boolean;
  /**
   * All bytes of a storage.
   * @param where the tensor that asks for it
   * @throws FormatError when the storage is missing or shorter than it is said to be.
   */
  locate(reference: StorageReference, where: Place): Span;
}

/** @throws FormatError when fewer bytes are there than a storage is said to have. */
export function assertStorageBytes(
  reference: StorageReference,
  { name, found, where }: { readonly name: string; readonly found: number; readonly where: Place },
): void {
  const { elementCount, type } = reference;
  const needed = elementCount * type.elementBytes;
  if (found >= needed) return;
  throw new FormatError({
    ...where,
    found: `storage ${name} of ${found} bytes`,
    allowed: `at least ${needed} for ${elementCount} elements of ${type.label ?? type.dtype}`,
  });
}
