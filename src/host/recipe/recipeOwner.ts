import type { Recipe } from '../../core/recipe/recipe';

/** A model with the recipe for it. */
export interface RecipeOwner {
  /** The model's path. */
  readonly path: string;
  readonly recipe: Recipe;
  /** The file that the recipe is kept in, or would be; absolute. */
  recipeFile: string;
}
