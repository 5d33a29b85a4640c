import { attentionHeads } from '../graph/attentionHeads';
import { overrideUnits } from '../graph/overrideUnits';
import type { Model } from '../model/model';
import { type JobControl, throwIfCancelled } from '../progress';
import type { Recipe } from '../recipe/recipe';
import { parseGranularity } from './granularity';
import { headScores } from './headScores';
import type { PlanJob } from './planJob';
import type { PlanScoring } from './planScoring';
import { prunableTensors, type PrunedTensor } from './prunableTensors';
import { openScores } from './scoreSource';
import { groupHeads } from './selectHeads';
import { groupUnits, type UnitGroup } from './unitGroups';
import { unitScores } from './unitScores';

/** Whose units are asked for, and what they are ranked with. */
export interface UnitQuestion {
  readonly model: Model;
  readonly recipe: Recipe;
  /** The tensor whose units' scores are wanted. */
  readonly tensor: string;
  /** All tensors of the plan: with the same ones scores on data need not be found again. */
  readonly planned: readonly string[];
}

/**
 * The scores by which a plan ranks the units, or heads, that one of its tensors is part of: one a unit, larger = keep,
 * NaN where one is not finite. Of the model as it is, so of the first step of a schedule.
 * @returns null where the recipe takes no whole units of that tensor, or their scores are not known.
 * @throws what scoring throws; CancelledError.
 */
export async function scoreUnits(
  { model: given, recipe, tensor, planned }: UnitQuestion,
  scoring: PlanScoring,
  control: JobControl,
): Promise<Float64Array | null> {
  const model = overrideUnits(given, recipe);
  const names = new Set(planned);
  const tensors = prunableTensors(model, recipe).filter((one) => names.has(one.tensor.name));
  const pruned = tensors.find((one) => one.tensor.name === tensor);
  if (pruned === undefined || !isOfUnits(recipe, pruned)) return null;
  const entries = tensors.map((one) => one.tensor);
  const source = await openScores(model, recipe, entries, { scoring, control });
  try {
    if (typeof source.unscoredBecause?.(pruned.tensor) === 'string') return null;
    const onChunk = chunkReporter(pruned, control);
    return await groupScores({ model, recipe, source, onChunk }, tensors, pruned);
  } finally {
    await source.close();
  }
}

function kindOf(recipe: Recipe, { setting }: PrunedTensor): ReturnType<typeof parseGranularity> {
  return parseGranularity(setting.granularity ?? recipe.granularity);
}

function isOfUnits(recipe: Recipe, pruned: PrunedTensor): boolean {
  const kind = kindOf(recipe, pruned)?.kind;
  return kind === 'unit' || kind === 'head';
}

async function groupScores(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  pruned: PrunedTensor,
): Promise<Float64Array | null> {
  const { model, recipe } = job;
  const parts = kindOf(recipe, pruned);
  if (parts?.kind === 'head') {
    const heads = groupHeads(model, attentionHeads(model), tensors);
    const group = groupWith(heads.groups, pruned);
    return group === null ? null : headScores(job, group);
  }
  if (parts?.kind !== 'unit') return null;
  const alike = tensors.filter((one) => kindOf(recipe, one)?.kind === 'unit');
  const units = groupUnits(model, alike, { side: parts.side, lockedBecause: () => null });
  const group = groupWith(units.groups, pruned);
  return group === null ? null : unitScores(job, group);
}

function groupWith(groups: readonly UnitGroup[], wanted: PrunedTensor): UnitGroup | null {
  const found = groups.find(({ members }) => members.some(({ pruned }) => pruned === wanted));
  return found ?? null;
}

function chunkReporter({ tensor }: PrunedTensor, control: JobControl): PlanJob['onChunk'] {
  const total = tensor.elementCount;
  let done = 0;
  return (elementCount) => {
    throwIfCancelled(control.signal);
    done = Math.min(total, done + elementCount);
    control.report({ phase: 'score', done, total });
  };
}
