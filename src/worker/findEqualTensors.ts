import { createHash } from 'node:crypto';
import { storedDTypeOf, type Model, type TensorEntry } from '../core/model/model';
import { TensorStreamer } from '../core/model/streamTensor';
import { throwIfCancelled, type CancelSignal } from '../core/progress';
import type { EqualTensors } from '../protocol/views';

/**
 * Which of the tensors that look alike hold the very same bytes: told by their place in the file, or
 * else by a digest. Names that the model does not have are left out.
 * Cost: each candidate that lies elsewhere is read once.
 */
export async function findEqualTensors(
  model: Model,
  candidates: readonly (readonly string[])[],
  signal: CancelSignal,
): Promise<readonly EqualTensors[]> {
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const groups: EqualTensors[] = [];
  for (const names of candidates) {
    const tensors = names.flatMap((name) => byName.get(name) ?? []);
    groups.push(...(await equalAmong(model, tensors, signal)));
  }
  return groups;
}

async function equalAmong(
  model: Model,
  tensors: readonly TensorEntry[],
  signal: CancelSignal,
): Promise<readonly EqualTensors[]> {
  const places = new Map<string, string>();
  const byDigest = new Map<string, TensorEntry[]>();
  for (const tensor of tensors) {
    throwIfCancelled(signal);
    const place = placeOf(tensor);
    const digest = places.get(place) ?? (await digestOf(model, tensor, signal));
    places.set(place, digest);
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), tensor]);
  }
  return [...byDigest.values()]
    .filter((equal) => equal.length > 1)
    .map((equal) => ({
      tensors: equal.map(({ name }) => name),
      shared: new Set(equal.map(placeOf)).size === 1,
    }));
}

/** Bytes mean the same only where they are read in the same way. */
function placeOf(tensor: TensorEntry): string {
  const { spans, storageOrder, littleEndian } = tensor;
  return JSON.stringify([spans, storageOrder, littleEndian, storedDTypeOf(tensor)]);
}

async function digestOf(model: Model, tensor: TensorEntry, signal: CancelSignal): Promise<string> {
  const { shape, storageOrder, littleEndian } = tensor;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([shape, storageOrder, littleEndian, storedDTypeOf(tensor)]));
  for await (const { bytes } of new TensorStreamer(model).chunks(tensor)) {
    throwIfCancelled(signal);
    hash.update(bytes);
  }
  return hash.digest('hex');
}
