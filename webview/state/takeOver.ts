import type { Recipe } from '../../src/core/recipe/recipe';
import { withoutThresholds } from '../../src/core/sweep/sweepRecipes';
import type { SweepMethod } from '../../src/core/sweep/sweep';
import { withFittingOptions } from './methodEdits';
import { withSparsity } from './targetEdits';

/** The recipe that prunes by a method of a comparison, with all else as it was compared. */
export function withMethod(recipe: Recipe, method: SweepMethod, sparsity: number): Recipe {
  const { criterion, granularity, options } = method;
  const taken = {
    ...recipe,
    criterion,
    layers: criterion === recipe.criterion ? recipe.layers : withoutThresholds(recipe),
    ...(granularity === undefined ? {} : { granularity }),
    ...(options === undefined ? {} : { options }),
  };
  return withSparsity(withFittingOptions(taken), sparsity);
}
