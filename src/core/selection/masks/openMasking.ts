import { UsageError } from '../../errors';
import { type JobControl, throwIfCancelled } from '../../progress';
import type { PlanEntry } from '../../report/plan';
import type { ScheduledPlan } from '../schedule/planSteps';
import { applyGivenMasks, cutsOfMasks } from './applyGivenMasks';
import { readGivenMasks } from './givenMasks';

/** What masks do to a plan. */
export interface Masking {
  /** What goes before anything is selected, and counts towards the target. */
  readonly cuts: readonly PlanEntry[];
  readonly warnings: readonly string[];
  /** The plan's entries with everything that the masks take, whatever the target. */
  apply(entries: readonly PlanEntry[]): Promise<readonly PlanEntry[]>;
}

const NO_MASKS: Masking = { cuts: [], warnings: [], apply: (entries) => Promise.resolve(entries) };

/**
 * The masks of the recipe's file: what they take goes first. Without a target they are the whole plan; with one
 * they count towards it.
 * @throws UsageError where the file does not fit the model; FormatError, IoError.
 */
export async function openMasking({
  model,
  recipe,
  tensors,
  scoring,
  control,
}: Omit<ScheduledPlan, 'given'>): Promise<Masking> {
  if (recipe.mask === undefined) return NO_MASKS;
  if (scoring.openMasks === undefined) {
    throw new UsageError(`mask: found ${recipe.mask} where files of masks are not read`);
  }
  const file = await scoring.openMasks(recipe.mask);
  try {
    const onChunk = watch(control);
    const { masks, warnings } = await readGivenMasks(file.model, { model, tensors, onChunk });
    return {
      cuts: cutsOfMasks(tensors, masks),
      warnings,
      apply: (entries) => applyGivenMasks(model, entries, { tensors, masks, onChunk }),
    };
  } finally {
    await file.close();
  }
}

function watch({ signal }: JobControl): () => void {
  return () => throwIfCancelled(signal);
}
