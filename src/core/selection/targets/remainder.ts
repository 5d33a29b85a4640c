import { UsageError } from '../../errors';
import { multiplyAccumulates } from '../../graph/macs';
import type { Model } from '../../model/model';
import type { Recipe } from '../../recipe/recipe';
import { packedFormOf } from '../../pack/forms/packedForm';
import type { PrunedTensor } from '../prunableTensors';

/** What a recipe wants little left of: multiply-accumulates, or bytes. */
export interface Remainder {
  /** In words, for messages. */
  readonly name: string;
  /** What is left where so many weights of each tensor are zero; it never rises with a count. */
  left(zeros: readonly number[]): number;
  /** Of the model as if no weight were zero. */
  readonly whole: number;
  /** At most this is to be left. */
  readonly wanted: number;
}

/**
 * The recipe's target, where it is one of what is left; null for the others.
 * @throws UnsupportedError where multiply-accumulates cannot be counted.
 */
export function remainderOf(
  model: Model,
  { macs, maxBytes }: Recipe,
  tensors: readonly PrunedTensor[],
): Remainder | null {
  if (macs !== undefined) return macsLeft(model, macs, tensors);
  return maxBytes === undefined ? null : bytesLeft(model, maxBytes, tensors);
}

function macsLeft(model: Model, share: number, tensors: readonly PrunedTensor[]): Remainder {
  const { total, perWeight } = multiplyAccumulates(model);
  const each = tensors.map(({ tensor }) => perWeight.get(tensor.name) ?? 0);
  if (total === 0) {
    throw new UsageError('macs: found a model that multiplies nothing; allowed: another target');
  }
  return {
    name: 'multiply-accumulates',
    left: (zeros) => zeros.reduce((sum, count, i) => sum - count * (each[i] ?? 0), total),
    whole: total,
    wanted: share * total,
  };
}

function bytesLeft(model: Model, maxBytes: number, tensors: readonly PrunedTensor[]): Remainder {
  const form = packedFormOf(model);
  const pruned = new Set(tensors.map(({ tensor }) => tensor.name));
  const fixed = model.tensors
    .filter(({ name }) => !pruned.has(name))
    .reduce((sum, tensor) => sum + form.tensorBytes(tensor, tensor.elementCount), form.fixedBytes);
  const left = (zeros: readonly number[]): number =>
    tensors.reduce(
      (sum, { tensor }, i) => sum + form.tensorBytes(tensor, tensor.elementCount - (zeros[i] ?? 0)),
      fixed,
    );
  return { name: 'packed bytes', left, whole: left(tensors.map(() => 0)), wanted: maxBytes };
}
