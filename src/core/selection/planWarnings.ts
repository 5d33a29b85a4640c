import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import { mostOf } from './allocation/layerMaximum';
import type { PrunedTensor } from './prunableTensors';
import type { SelectionResult } from './selected';
import { unitNormLockedBecause } from './unitLocks';
import { alphaOf } from './unitThreshold';

/** What the user should know about a plan. */
export function planWarnings(
  { model, recipe }: { readonly model: Model; readonly recipe: Recipe },
  { selected, shortBy, warnings }: SelectionResult,
  entries: readonly PlanEntry[],
): readonly string[] {
  return [
    ...warnings,
    ...(shortBy > 0 ? [clampedWarning(shortBy)] : []),
    ...emptiedWarnings(entries),
    ...nonFiniteWarnings(entries),
    ...overMaximumWarnings(recipe, selected, entries),
    ...unitWarnings(
      model,
      recipe,
      selected.map(({ pruned }) => pruned),
    ),
  ];
}

function clampedWarning(shortBy: number): string {
  return `the target asks for ${shortBy} more weights than the unlocked layers and the layers' own settings allow`;
}

/** A layer without a weight passes on nothing but its bias: the network is cut there. */
function emptiedWarnings(entries: readonly PlanEntry[]): string[] {
  return entries
    .filter((entry) => entry.elementCount > 0 && entry.zerosAfter === entry.elementCount)
    .map((entry) => `${entry.layer}: no weight would be left`);
}

function nonFiniteWarnings(entries: readonly PlanEntry[]): string[] {
  return entries
    .filter((entry) => entry.nonFinite > 0)
    .map(
      (entry) =>
        `${entry.tensor}: ${entry.nonFinite} NaN or infinite weights, which are never pruned`,
    );
}

/** Units that the unit threshold takes come on top of what the maximum for every layer allows. */
function overMaximumWarnings(
  recipe: Recipe,
  selected: SelectionResult['selected'],
  entries: readonly PlanEntry[],
): string[] {
  if (recipe.maxLayerSparsity === undefined) return [];
  const byTensor = new Map(selected.map(({ pruned }) => [pruned.tensor.name, pruned]));
  return entries.flatMap(({ layer, tensor, cut, zerosAfter, elementCount }) => {
    const pruned = byTensor.get(tensor);
    if (pruned === undefined || alphaOf(recipe, pruned) === null) return [];
    const most = mostOf(recipe, pruned);
    if (cut.zeroedUnits.length === 0 || zerosAfter <= most) return [];
    return [
      `${layer}: ${zerosAfter} of ${elementCount} weights are zero with the units that the unit threshold takes, and the maximum for every layer is ${most}`,
    ];
  });
}

function unitWarnings(model: Model, recipe: Recipe, tensors: readonly PrunedTensor[]): string[] {
  return tensors.flatMap((pruned) => {
    const reason = alphaOf(recipe, pruned) === null ? null : unitNormLockedBecause(model, pruned);
    return reason === null
      ? []
      : [`${pruned.layer.name}: the unit threshold does not apply, ${reason}`];
  });
}
