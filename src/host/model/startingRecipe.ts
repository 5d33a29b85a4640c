import type { Recipe } from '../../core/recipe/recipe';
import { withData } from '../recipe/recipeEdits';
import { findRecipeOf } from '../recipe/recipeFinder';
import type { Services } from '../services';

/** A recipe with the file it is kept in; null where it is in none. */
export interface KeptRecipe {
  readonly recipe: Recipe;
  readonly file: string | null;
}

/**
 * The recipe that a model is opened with: that of a panel which a window reload cut off, else the
 * one in a `*.prune.json` beside the model that names it, else `otherwise` with the data that the
 * model was evaluated on last.
 */
export async function startingRecipe(
  modelPath: string,
  otherwise: Recipe,
  { memory, log }: Services,
): Promise<KeptRecipe> {
  const open = memory.openRecipe(modelPath);
  const beside = await findRecipeOf(modelPath, log);
  if (open !== null) return { recipe: open, file: beside?.file ?? null };
  if (beside !== null) return beside;
  const data = memory.dataOf(modelPath);
  return { recipe: data === null ? otherwise : withData(otherwise, data), file: null };
}
