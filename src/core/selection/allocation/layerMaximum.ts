import type { Recipe } from '../../recipe/recipe';
import type { PrunedTensor } from '../prunableTensors';
import { roundHalfEven } from '../roundHalfEven';

/**
 * How many weights a layer may lose by the recipe's maximum for every layer, rounded half to even. A sparsity or
 * threshold of the layer's own wins over it.
 */
export function mostOf({ maxLayerSparsity }: Recipe, { tensor, setting }: PrunedTensor): number {
  const isOwn = setting.sparsity !== undefined || setting.threshold !== undefined;
  if (maxLayerSparsity === undefined || isOwn) return tensor.elementCount;
  return roundHalfEven(maxLayerSparsity * tensor.elementCount);
}
