import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import type { PrunedTensor } from './prunableTensors';
import type { SelectionResult } from './selected';
import { unitNormLockedBecause } from './unitLocks';

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

function unitWarnings(model: Model, recipe: Recipe, tensors: readonly PrunedTensor[]): string[] {
  if (recipe.unitThreshold === undefined) return [];
  return tensors.flatMap((pruned) => {
    const reason = unitNormLockedBecause(model, pruned);
    return reason === null
      ? []
      : [`${pruned.layer.name}: the unit threshold does not apply, ${reason}`];
  });
}
