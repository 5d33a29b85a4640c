import type { Recipe } from '../../core/recipe/recipe';
import { withData } from '../recipe/recipeEdits';
import { findRecipeOf } from '../recipe/recipeFinder';
import type { Services } from '../services';

/**
 * The recipe that a model is opened with: that of a panel which a window reload cut off, else the
 * one in a `*.prune.json` beside the model that names it, else `otherwise` with the data that the
 * model was evaluated on last.
 */
export async function startingRecipe(
  modelPath: string,
  otherwise: Recipe,
  { memory, log }: Services,
): Promise<Recipe> {
  const open = memory.openRecipe(modelPath);
  if (open !== null) return open;
  const beside = await findRecipeOf(modelPath, log);
  if (beside !== null) return beside;
  const data = memory.dataOf(modelPath);
  return data === null ? otherwise : withData(otherwise, data);
}
