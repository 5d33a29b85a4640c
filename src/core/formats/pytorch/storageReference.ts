import { FormatError, type Place } from '../../errors';
import { itemsOf, type PickleValue, textOf } from '../pickle/pickleValue';
import { storageDTypeOf, type TorchDType } from './torchDTypes';

/** A storage as a tensor names it: `('storage', torch.FloatStorage, '0', 'cpu', 4096)`. */
export interface StorageReference {
  readonly key: string;
  /** Of the elements that counts and offsets are in; bytes where the storage is untyped. */
  readonly type: TorchDType;
  readonly elementCount: number;
  /** Legacy files: a part of the storage, in its elements; null where it is all of it. */
  readonly view: { readonly offset: number; readonly elementCount: number } | null;
}

/**
 * The storage of a persistent id.
 * @throws FormatError when it is no storage.
 * Source: torch/serialization.py (`persistent_id` of `_save` and `_legacy_save`).
 */
export function parseStorageReference(
  value: PickleValue | undefined,
  where: Place,
): StorageReference {
  const reference = asStorageReference(value);
  if (reference !== null) return reference;
  throw new FormatError({
    ...where,
    found: 'a tensor without a storage',
    allowed: "a persistent id ('storage', class, key, location, element count)",
  });
}

/** As {@link parseStorageReference}; null for persistent ids of anything else. */
export function asStorageReference(value: PickleValue | undefined): StorageReference | null {
  if (typeof value !== 'object' || value?.kind !== 'persistent') return null;
  const [tag, storageClass, key, , elementCount, view] = itemsOf(value.id) ?? [];
  if (textOf(tag) !== 'storage' || !isCount(elementCount)) return null;
  const type =
    typeof storageClass === 'object' && storageClass?.kind === 'global'
      ? storageDTypeOf(storageClass)
      : null;
  const name = textOf(key);
  if (type === null || name === null) return null;
  return { key: name, type, elementCount, view: parseView(view) };
}

/** (key of the view, offset, element count). */
function parseView(value: PickleValue | undefined): StorageReference['view'] {
  const [, offset, elementCount] = itemsOf(value) ?? [];
  return isCount(offset) && isCount(elementCount) ? { offset, elementCount } : null;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
