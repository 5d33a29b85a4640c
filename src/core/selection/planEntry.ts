import { unwritableReason } from '../model/lockUnwritableLayers';
import { type Model, tensorNamed } from '../model/model';
import type { PlanEntry, TensorCut } from '../report/plan';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { scoreMask, tallyMask } from './scoreMask';
import type { Selected } from './selectTensors';
import { cutUnits } from './unitThreshold';

/** What was selected from a tensor as the plan has it: the cut, with its counts. */
export async function planEntry(job: PlanJob, selected: Selected): Promise<PlanEntry> {
  const { model, recipe, onChunk } = job;
  const { pruned } = selected;
  const taken = await cutByScore(job, selected);
  const alpha =
    pruned.setting.unitThreshold === undefined
      ? recipe.unitThreshold
      : pruned.setting.unitThreshold;
  const units =
    alpha === undefined || alpha === null || unitsLockedBecause(model, pruned) !== null
      ? {}
      : await cutUnits(model, pruned, { cut: taken.cut, alpha, onChunk });
  return {
    layer: pruned.layer.name,
    tensor: pruned.tensor.name,
    bias: pruned.layer.bias ?? null,
    criterion: recipe.criterion,
    elementCount: pruned.tensor.elementCount,
    overridden: Object.keys(pruned.setting).some((field) => field !== 'unitAxis'),
    ...taken,
    ...units,
  };
}

/** What goes by its score, with the counts. A threshold that takes nothing is still the plan's, for display. */
async function cutByScore(
  { model, source, onChunk }: PlanJob,
  { pruned, threshold, tieLimit, selectedCount, zeros, nonFinite }: Selected,
): Promise<Pick<PlanEntry, 'cut' | 'zerosBefore' | 'zerosAfter' | 'nonFinite'>> {
  const cut: TensorCut = { threshold, tieLimit, unitMap: null, zeroedUnits: [] };
  if (source.byMagnitude) {
    // Zeros have the lowest score, so either all of them are among the selected or only they are.
    const zerosAfter = Math.max(zeros, selectedCount);
    return { cut, zerosBefore: zeros, zerosAfter, nonFinite };
  }
  const [scored] = source.scoresOf([pruned.tensor]);
  if (scored === undefined) throw new Error(`${pruned.tensor.name} has no scores`);
  const mask = await scoreMask(scored, { threshold, tieLimit }, onChunk);
  const tally = await tallyMask(model, pruned.tensor, mask, onChunk);
  return {
    cut: { ...cut, mask },
    zerosBefore: tally.zeros,
    zerosAfter: tally.zerosAfter,
    nonFinite: tally.nonFinite,
  };
}

/** Why a layer's units cannot go as a whole; null where they can. */
export function unitsLockedBecause(model: Model, { layer }: PrunedTensor): string | null {
  if (layer.unitAxis === null) return 'its unit axis is not known';
  if (layer.bias === undefined) return null;
  const reason = unwritableReason(model, tensorNamed(model, layer.bias));
  return reason === null ? null : `its bias cannot be zeroed in place (${reason})`;
}
