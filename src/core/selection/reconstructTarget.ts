import { CRITERION_TRAITS } from '../criteria/criterion';
import type { ReconstructTarget } from '../criteria/scoringPort';
import type { LayerOperator } from '../model/model';
import type { PlanEntry } from '../report/plan';
import type { Recipe } from '../recipe/recipe';
import { parseGranularity } from './granularity';
import type { ReconstructJob } from './reconstructPlan';
import { roundHalfEven } from './roundHalfEven';
import type { Selected } from './selected';
import { type NmPattern, whyDense } from './selectNm';

/**
 * What a criterion that reconstructs is to choose by itself in one tensor; null where it is told what goes: by masks,
 * thresholds, units and blocks, or where it only updates what another criterion has left.
 */
export function reconstructTarget(
  { tensor, maskedBias }: PlanEntry,
  { recipe, selection }: ReconstructJob,
): ReconstructTarget | null {
  const selected = selection.selected.find(({ pruned }) => pruned.tensor.name === tensor);
  const chooses = CRITERION_TRAITS[recipe.criterion].reconstructs === true;
  const isTold = recipe.mask !== undefined || maskedBias !== undefined;
  if (!chooses || isTold || selected === undefined) return null;
  const { setting } = selected.pruned;
  const { unitThreshold = recipe.unitThreshold ?? null } = setting;
  if (unitThreshold !== null) return null;
  const granularity = parseGranularity(setting.granularity ?? recipe.granularity);
  switch (granularity?.kind) {
    case 'weight':
      return shareTarget(selected, recipe);
    case 'n:m':
      return groupsTarget(selected, recipe, granularity);
    default:
      return null;
  }
}

/** Over the inputs of a matrix alone: a convolution's groups run along its channels. */
function groupsTarget(
  { pruned }: Selected,
  { criterion, threshold }: Recipe,
  { keep, group }: NmPattern,
): ReconstructTarget | null {
  const { setting, layer } = pruned;
  const byThreshold =
    setting.sparsity === undefined && (setting.threshold ?? threshold) !== undefined;
  const chooses = criterion === 'sparsegpt' && isMatrix(layer.operator) && !byThreshold;
  return chooses && whyDense(pruned, { group }) === null ? { kind: 'groups', keep, group } : null;
}

function isMatrix(operator: LayerOperator): boolean {
  return operator === 'dense' || operator === 'recurrent';
}

function shareTarget(selected: Selected, recipe: Recipe): ReconstructTarget | null {
  const { selectedCount, pruned } = selected;
  const { setting, tensor } = pruned;
  const byThreshold = setting.sparsity === undefined ? recipe : setting;
  if (byThreshold.threshold !== undefined || setting.threshold !== undefined) return null;
  if (setting.sparsity === undefined && recipe.stdFactor !== undefined) return null;
  const wanted = setting.sparsity ?? recipe.sparsity;
  // The share that was asked for, where the count is but that share rounded.
  const isRounded =
    wanted !== undefined && roundHalfEven(wanted * tensor.elementCount) === selectedCount;
  const sparsity = isRounded ? wanted : selectedCount / Math.max(1, tensor.elementCount);
  return { kind: 'sparsity', sparsity };
}
