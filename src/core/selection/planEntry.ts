import { tensorNamed } from '../model/model';
import type { PlanEntry, TensorCut } from '../report/plan';
import { withUnitsMasked } from './withUnitsMasked';
import type { PlanJob } from './planJob';
import { scoreMask, tallyMask } from './scoreMask';
import type { Selected, SelectedByScore, SelectedCut } from './selected';
import { tallyUnits } from './tallyUnits';
import { unitNormLockedBecause } from './unitLocks';
import { alphaOf, cutUnits } from './unitThreshold';

/** What a cut makes of a tensor. */
type Taken = Pick<PlanEntry, 'cut' | 'zerosBefore' | 'zerosAfter' | 'nonFinite'>;

/** What was selected from a tensor as the plan has it: the cut, with its counts. */
export async function planEntry(job: PlanJob, selected: Selected): Promise<PlanEntry> {
  const { recipe } = job;
  const { pruned } = selected;
  const taken =
    selected.kind === 'score' ? await cutByScore(job, selected) : await cutTogether(job, selected);
  return {
    layer: pruned.layer.name,
    tensor: pruned.tensor.name,
    bias: selected.kind === 'cut' ? selected.bias : (pruned.layer.bias ?? null),
    criterion: recipe.criterion,
    elementCount: pruned.tensor.elementCount,
    overridden: Object.keys(pruned.setting).some((field) => field !== 'unitAxis'),
    threshold: selected.kind === 'score' ? selected.scoreThreshold : selected.threshold,
    ...(selected.kind === 'cut' && selected.maskedBias !== undefined
      ? { maskedBias: selected.maskedBias }
      : {}),
    ...taken,
    ...(await weakUnits(job, selected, taken)),
  };
}

/** The units whose remaining weights the unit threshold takes. */
async function weakUnits(
  { model, recipe, onChunk }: PlanJob,
  { pruned }: Selected,
  taken: Taken,
): Promise<Partial<Pick<PlanEntry, 'cut' | 'zerosAfter' | 'bias'>>> {
  const alpha = alphaOf(recipe, pruned);
  if (alpha === null || unitNormLockedBecause(model, pruned) !== null) return {};
  const cut = withUnitsMasked(pruned.tensor, taken.cut);
  // A unit that goes by what it gives may hold weights that are not finite, which stay.
  if (cut !== taken.cut && cut.mask !== undefined) {
    await tallyMask(model, tensorNamed(model, pruned.tensor.name), cut.mask, onChunk);
  }
  const weak = await cutUnits(model, pruned, { cut, alpha, onChunk });
  return { ...weak, bias: pruned.layer.bias ?? null };
}

/** What goes by its score, with the counts. A threshold that takes nothing is still the plan's, for display. */
async function cutByScore(
  { model, source, onChunk }: PlanJob,
  { pruned, threshold, tieLimit, selectedCount, zeros, nonFinite }: SelectedByScore,
): Promise<Taken> {
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

/** What goes together, with the counts. */
async function cutTogether(
  { model, onChunk }: PlanJob,
  { pruned, cut, tally }: SelectedCut,
): Promise<Taken> {
  const tensor = tensorNamed(model, pruned.tensor.name);
  const counted =
    tally ??
    (cut.mask === undefined
      ? await tallyUnits(model, { tensor, cut, onChunk })
      : await tallyMask(model, tensor, cut.mask, onChunk));
  const { zeros, zerosAfter, nonFinite } = counted;
  return { cut, zerosBefore: zeros, zerosAfter, nonFinite };
}
