import type { PrunedTensor } from '../prunableTensors';
import type { Selected, SelectionResult } from '../selected';
import { selectTensors } from '../selectTensors';
import type { AllocationJob } from './allocationJob';
import { mostOf } from './layerMaximum';
import type { LayerTarget } from './layerTarget';
import { settleTargets } from './settleTargets';
import { isOnePool, surelyAbove } from './surelyAbove';

/**
 * Selects what goes from each tensor, with the target shared out as the recipe's allocation says and no layer
 * above the recipe's maximum: layers that would lose more are held there and the rest is selected again, until
 * none is above (water-filling). The total is exact unless the layers' limits leave no room, which is warned of.
 * Cost: one selection, and one more for each time that a layer is found above its maximum; of single weights in
 * one pool one pass and four selections at most, unless the threshold and a maximum fall into one bin.
 */
export async function selectAllocated(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<SelectionResult> {
  const recipe = job.recipe.allocation === 'uniform' ? withLayerScope(job.recipe) : job.recipe;
  const targets = await settleTargets({ ...job, recipe }, tensors);
  const settled = { ...job, recipe, targets };
  return recipe.maxLayerSparsity === undefined
    ? selectTensors(settled, tensors)
    : selectWithin(settled, tensors);
}

function withLayerScope(recipe: AllocationJob['recipe']): AllocationJob['recipe'] {
  return { ...recipe, scope: 'layer' };
}

async function selectWithin(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<SelectionResult> {
  const targets = new Map(job.targets);
  let wanted: number | null = null;
  for (let round = 1; ; round++) {
    const result = await selectTensors({ ...job, targets }, tensors);
    wanted ??= takenBy(result) + result.shortBy;
    const over = result.selected.filter(
      ({ pruned, selectedCount }) =>
        selectedCount > mostOf(job.recipe, pruned) && !isLowest(targets.get(pruned.tensor.name)),
    );
    if (over.length === 0) return withShortfall(job, result, wanted);
    for (const one of over) {
      const { name } = one.pruned.tensor;
      targets.set(name, lowered(targets.get(name), one, mostOf(job.recipe, one.pruned)));
    }
    // Holding some lets others rise above it. Where that goes on, bins tell how far.
    if (round !== 3 || !isOnePool(job, tensors)) continue;
    for (const one of await surelyAbove(job, tensors)) {
      const { name } = one.tensor;
      if (!targets.has(name)) {
        targets.set(name, { kind: 'count', count: mostOf(job.recipe, one) });
      }
    }
  }
}

function isLowest(target: LayerTarget | undefined): boolean {
  return target?.kind === 'count' && target.count === 0;
}

function takenBy({ selected }: SelectionResult): number {
  return selected.reduce((sum, { selectedCount }) => sum + selectedCount, 0);
}

/**
 * The maximum itself, for single weights. Whole units and blocks come as near as they can to a target, which may be
 * above it: then the next target lies as far below the last one as what was taken lies above the maximum.
 */
function lowered(
  before: LayerTarget | undefined,
  { selectedCount }: Selected,
  most: number,
): LayerTarget {
  const isHeld = before?.kind === 'count' && before.count <= most;
  const count = isHeld ? before.count - (selectedCount - most) : most;
  return { kind: 'count', count: Math.max(0, count) };
}

/** @param wanted weights that would go without a maximum */
function withShortfall(
  { recipe }: AllocationJob,
  result: SelectionResult,
  wanted: number,
): SelectionResult {
  const taken = takenBy(result);
  if (wanted <= taken) return result;
  const share = `${(recipe.maxLayerSparsity ?? 1) * 100} %`;
  const warning = `no layer loses more than ${share} of its weights: ${taken} go instead of ${wanted}`;
  return { ...result, shortBy: 0, warnings: [...result.warnings, warning] };
}
