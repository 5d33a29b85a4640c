import { type Model, storedByteLength, type TensorEntry } from '../model/model';
import type { PlanEntry } from './plan';

/**
 * Bytes of a tensor packed as a bitmask with values: a bit an element (ceil(n / 8) bytes) and, where its bit is
 * set, its value in the tensor's own type. A tensor that this would not make smaller stays as it is.
 * Source: the form `sparse-bitmask` of compressed-tensors, without its index of rows.
 * @param nonZeros elements that are not zero
 */
export function packedTensorBytes(tensor: TensorEntry, nonZeros: number): number {
  const packed = Math.ceil(tensor.elementCount / 8) + storedByteLength(tensor, nonZeros);
  return Math.min(packed, storedByteLength(tensor));
}

/**
 * Bytes of all tensors of a model after a plan, with the pruned ones packed and the others as they are. The
 * names and shapes that a file holds beside them, some hundred bytes a tensor, are not counted.
 */
export function packedModelBytes(model: Model, entries: readonly PlanEntry[]): number {
  const planned = new Map(entries.map((entry) => [entry.tensor, entry]));
  return model.tensors.reduce((sum, tensor) => {
    const entry = planned.get(tensor.name);
    if (entry === undefined) return sum + storedByteLength(tensor);
    return sum + packedTensorBytes(tensor, entry.elementCount - entry.zerosAfter);
  }, 0);
}

/** Bytes of tensors as they are stored. */
export function unpackedBytes(tensors: readonly TensorEntry[]): number {
  return tensors.reduce((sum, tensor) => sum + storedByteLength(tensor), 0);
}

/** The packed sizes of a report: with the zeros that were there, and with those of the plan. */
export function packedSizes(
  model: Model,
  entries: readonly PlanEntry[],
): { readonly packedBefore: number; readonly packedAfter: number } {
  const before = entries.map((entry) => ({ ...entry, zerosAfter: entry.zerosBefore }));
  return {
    packedBefore: packedModelBytes(model, before),
    packedAfter: packedModelBytes(model, entries),
  };
}
