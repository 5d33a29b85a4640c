import type { Recipe } from '../../recipe/recipe';
import { parseGranularity } from '../granularity';
import type { PrunedTensor } from '../prunableTensors';
import { roundHalfEven } from '../roundHalfEven';

/**
 * How many weights a layer may lose by the recipe's maximum for every layer, rounded half to even. What the layer's
 * own setting says wins over it.
 */
export function mostOf({ maxLayerSparsity }: Recipe, one: PrunedTensor): number {
  const { elementCount } = one.tensor;
  if (maxLayerSparsity === undefined || isSettled(one)) return elementCount;
  return roundHalfEven(maxLayerSparsity * elementCount);
}

/** Whether a layer's own setting says how much it loses: a sparsity, a threshold, or N of M. */
export function isSettled({ setting }: PrunedTensor): boolean {
  if (setting.sparsity !== undefined || setting.threshold !== undefined) return true;
  return parseGranularity(setting.granularity ?? 'weight')?.kind === 'n:m';
}
