import { FormatError } from '../../errors';
import { type ByteSource, readBytes } from '../../io';
import type { Model, Span } from '../../model/model';
import { itemsOf, type PicklePersistent, textOf } from '../pickle/pickleValue';
import { type Pickle, readPickle } from '../pickle/readPickle';
import { PYTORCH, pytorchModel } from './pytorchModel';
import { asStorageReference, type StorageReference } from './storageReference';
import { assertStorageBytes, type Storages } from './storages';

const COUNT_BYTES = 8;
const PICKLES = ['magic number', 'protocol version', 'system', 'object', 'storage keys'] as const;

/**
 * A file that torch.save wrote before version 1.6, or without its zip archive: five pickles, then each
 * storage as an element count and its bytes, little-endian on every machine.
 * Source: torch/serialization.py (`_legacy_save`, `_legacy_load`) of PyTorch 2.13.
 */
export async function readLegacyPytorch(source: ByteSource): Promise<Model> {
  const pickles: Pickle[] = [];
  for (const place of PICKLES) {
    const byteOffset = pickles.at(-1)?.endOffset ?? 0;
    pickles.push(await readPickle(source, byteOffset, { format: PYTORCH, place }));
  }
  const [, , , object, keys] = pickles;
  if (object === undefined || keys === undefined) throw new Error('five pickles were read');
  const { storages, endOffset } = await locateStorages(source, object, keys);
  const trailing = source.byteLength - endOffset;
  return pytorchModel({
    source,
    files: [source],
    pickles: [
      { value: object.value, trace: object.trace, fileIndex: 0, byteOffset: 0, prefix: '' },
    ],
    storages,
    checksums: [],
    container: 'legacy',
    notices:
      trailing === 0
        ? []
        : [
            {
              code: 'trailing-bytes',
              message: `${trailing} bytes follow the last storage; they are kept as they are`,
            },
          ],
  });
}

interface Located {
  readonly storages: Storages;
  readonly endOffset: number;
}

async function locateStorages(source: ByteSource, object: Pickle, keys: Pickle): Promise<Located> {
  const references = referencesByKey(object.trace.persistent);
  const spans = new Map<string, Span>();
  let at = keys.endOffset;
  for (const key of storageKeys(keys)) {
    const reference = references.get(key);
    if (reference === undefined) throw unknownKey(key, at);
    const span = await locateStorage(source, reference, at);
    spans.set(key, span);
    at = span.byteOffset + span.byteLength;
  }
  return { storages: legacyStorages(spans), endOffset: at };
}

/** The first mention of each storage: all have its type and whole size. */
function referencesByKey(persistent: readonly PicklePersistent[]): Map<string, StorageReference> {
  const references = new Map<string, StorageReference>();
  for (const value of persistent) {
    const reference = asStorageReference(value);
    if (reference !== null && !references.has(reference.key)) {
      references.set(reference.key, reference);
    }
  }
  return references;
}

function storageKeys({ value }: Pickle): readonly string[] {
  const keys = itemsOf(value)?.map(textOf) ?? [null];
  if (keys.includes(null) || new Set(keys).size !== keys.length) {
    throw new FormatError({
      format: PYTORCH,
      place: 'storage keys',
      found: 'something else',
      allowed: 'a list of different texts',
    });
  }
  return keys as readonly string[];
}

async function locateStorage(
  source: ByteSource,
  reference: StorageReference,
  at: number,
): Promise<Span> {
  const where = { format: PYTORCH, place: `storage ${JSON.stringify(reference.key)}` };
  if (at + COUNT_BYTES > source.byteLength) {
    const found = `${source.byteLength - at} bytes left for its size`;
    throw new FormatError({ ...where, found, allowed: `${COUNT_BYTES}`, byteOffset: at });
  }
  const header = new DataView((await readBytes(source, at, COUNT_BYTES)).buffer);
  const elementCount = header.getBigInt64(0, true);
  if (elementCount !== BigInt(reference.elementCount)) {
    throw new FormatError({
      ...where,
      found: `${elementCount} elements`,
      allowed: `${reference.elementCount}, as its tensors say`,
      byteOffset: at,
    });
  }
  const byteOffset = at + COUNT_BYTES;
  const name = JSON.stringify(reference.key);
  assertStorageBytes(reference, { name, found: source.byteLength - byteOffset, where });
  const byteLength = reference.elementCount * reference.type.elementBytes;
  return { fileIndex: 0, byteOffset, byteLength };
}

function legacyStorages(spans: ReadonlyMap<string, Span>): Storages {
  return {
    littleEndian: true,
    locate(reference, where) {
      const span = spans.get(reference.key);
      const name = JSON.stringify(reference.key);
      if (span === undefined) {
        const found = `storage ${name}, which is not in the file`;
        throw new FormatError({ ...where, found, allowed: `one of its ${spans.size} storages` });
      }
      assertStorageBytes(reference, { name, found: span.byteLength, where });
      return span;
    },
  };
}

function unknownKey(key: string, byteOffset: number): FormatError {
  return new FormatError({
    format: PYTORCH,
    place: `storage ${JSON.stringify(key)}`,
    found: 'a storage that no tensor names',
    allowed: 'storages of the object before',
    byteOffset,
  });
}
