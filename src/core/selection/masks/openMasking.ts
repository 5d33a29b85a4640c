import { UsageError } from '../../errors';
import { describeJson } from '../../formats/parseJson';
import { maskUnion } from '../../kernels/maskKernels';
import { layerMasks, zeroBits } from '../../model/layerMasks';
import { type Model, tensorNamed } from '../../model/model';
import { throwIfCancelled } from '../../progress';
import type { PlanEntry } from '../../report/plan';
import type { PrunedTensor } from '../prunableTensors';
import type { OnChunk } from '../selection';
import type { ScheduledPlan } from '../schedule/planSteps';
import { applyGivenMasks, cutsOfMasks } from './applyGivenMasks';
import { type GivenMasks, readGivenMasks } from './givenMasks';

/** What masks do to a plan. */
export interface Masking {
  /** What goes before anything is selected, and counts towards the target. */
  readonly cuts: readonly PlanEntry[];
  readonly warnings: readonly string[];
  /** The plan's entries with everything that the masks take, whatever the target. */
  apply(entries: readonly PlanEntry[]): Promise<readonly PlanEntry[]>;
}

/**
 * What goes before anything else: what the masks of the recipe's file take, and what the model's own masks hide.
 * Without a target they are the whole plan; with one they count towards it.
 * @throws UsageError where the file does not fit the model; FormatError, IoError.
 */
export async function openMasking(plan: Omit<ScheduledPlan, 'given'>): Promise<Masking> {
  const { model, tensors, control } = plan;
  const onChunk = (): void => throwIfCancelled(control.signal);
  const hidden = await hiddenWeights(model, tensors, onChunk);
  const given = await givenMasks(plan, onChunk);
  const masks = new Map([...given.masks, ...hidden]);
  for (const [name, mask] of given.masks) {
    const own = hidden.get(name);
    if (own !== undefined) masks.set(name, maskUnion(own, mask));
  }
  return {
    cuts: cutsOfMasks(tensors, masks),
    warnings: given.warnings,
    apply: (entries) =>
      masks.size === 0
        ? Promise.resolve(entries)
        : applyGivenMasks(model, entries, { tensors, masks, hidden, onChunk }),
  };
}

/** What the model's own masks hide of the weights that are pruned. */
async function hiddenWeights(
  model: Model,
  tensors: readonly PrunedTensor[],
  onChunk: OnChunk,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const own = layerMasks(model);
  const hidden = new Map<string, Uint8Array>();
  for (const { tensor } of tensors) {
    const mask = own.get(tensor.name);
    if (mask !== undefined) {
      hidden.set(tensor.name, await zeroBits(model, tensorNamed(model, mask), onChunk));
    }
  }
  return hidden;
}

async function givenMasks(
  { model, recipe, tensors, scoring }: Omit<ScheduledPlan, 'given'>,
  onChunk: OnChunk,
): Promise<GivenMasks> {
  if (recipe.mask === undefined) return { masks: new Map(), warnings: [] };
  if (scoring.openMasks === undefined) {
    throw new UsageError(
      `mask: found ${describeJson(recipe.mask)} where files of masks are not read`,
    );
  }
  const file = await scoring.openMasks(recipe.mask);
  try {
    return await readGivenMasks(file.model, { model, tensors, onChunk });
  } finally {
    await file.close();
  }
}
