import type { Recipe } from '../../src/core/recipe/recipe';
import type { SweepMethod } from '../../src/core/sweep/sweep';
import { omit } from './omit';
import { withSparsity } from './targetEdits';

/** The recipe that prunes by a method of a comparison, with all else as it was compared. */
export function withMethod(recipe: Recipe, method: SweepMethod, sparsity: number): Recipe {
  const { criterion, granularity, options } = method;
  const rest = omit(recipe, 'options') as Recipe;
  return withSparsity(
    {
      ...rest,
      criterion,
      ...(granularity === undefined ? {} : { granularity }),
      ...(options === undefined ? {} : { options }),
    },
    sparsity,
  );
}
