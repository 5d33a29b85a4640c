import type { Model, TensorEntry } from '../model/model';
import { packedFormOf } from '../pack/forms/packedForm';
import type { JobControl } from '../progress';
import { writtenCuts } from '../selection/masks/writtenCuts';
import { keptCounts } from './keptCounts';
import type { PlanEntry } from './plan';

/**
 * Bytes of a model's files after a plan when they are packed, in the form that their format has for it (see
 * {@link packedFormOf}), told from the plan's counts: tensors that it does not prune are taken as they are.
 */
export function packedModelBytes(model: Model, entries: readonly PlanEntry[]): number {
  const planned = new Map(entries.map((entry) => [entry.tensor, entry]));
  return packedBytes(model, ({ name, elementCount }) => {
    const entry = planned.get(name);
    return entry === undefined ? elementCount : elementCount - entry.zerosAfter;
  });
}

/** Bytes of a model's files when so many elements of each tensor are kept. */
function packedBytes(model: Model, keptOf: (tensor: TensorEntry) => number): number {
  const form = packedFormOf(model);
  return model.tensors.reduce(
    (sum, tensor) => sum + form.tensorBytes(tensor, keptOf(tensor)),
    form.fixedBytes,
  );
}

/**
 * The packed sizes of a report: with the zeros that were there, and with those of the plan. What the plan's counts
 * do not tell (negative zeros, which keep their bits; zeros of other tensors) is counted in the model.
 * @throws IoError, FormatError, CancelledError.
 */
export async function packedSizes(
  model: Model,
  entries: readonly PlanEntry[],
  control: Pick<JobControl, 'signal'>,
): Promise<{ readonly packedBefore: number; readonly packedAfter: number }> {
  const cuts = writtenCuts(model, entries);
  const kept = await keptCounts(model, { entries, cuts }, control);
  return {
    packedBefore: packedBytes(
      model,
      ({ name, elementCount }) => kept.get(name)?.before ?? elementCount,
    ),
    packedAfter: packedBytes(
      model,
      ({ name, elementCount }) => kept.get(name)?.after ?? elementCount,
    ),
  };
}
