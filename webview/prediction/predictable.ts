import type { LayerSetting, Recipe } from '../../src/core/recipe/recipe';

/** Whether what goes is decided by |w| alone, so that a threshold can be drawn over the weights. */
export function isByMagnitude(recipe: Recipe, setting?: LayerSetting): boolean {
  const granularity = setting?.granularity ?? recipe.granularity;
  return recipe.criterion === 'magnitude' && granularity === 'weight' && recipe.mask === undefined;
}

/** Whether the statistics tell what a recipe does; else only the worker knows, who has the scores. */
export function isPredictable(recipe: Recipe): boolean {
  const { allocation, maxLayerSparsity, stdFactor, macs, maxBytes } = recipe;
  const others = [allocation, maxLayerSparsity, stdFactor, macs, maxBytes];
  return (
    others.every((field) => field === undefined) &&
    isByMagnitude(recipe) &&
    Object.values(recipe.layers).every((setting) => isByMagnitude(recipe, setting))
  );
}
