import type { Recipe } from '../../core/recipe/recipe';

/** More steps than anybody takes back; a recipe is small. */
const UNDO_LIMIT = 200;

/**
 * The recipe of one model with what it was before. `revision` counts every change, undone ones
 * too, so that an answer about an older recipe is known as such.
 */
export class RecipeHistory {
  #recipe: Recipe;
  #revision = 0;
  readonly #earlier: Recipe[] = [];

  constructor(recipe: Recipe) {
    this.#recipe = recipe;
  }

  get recipe(): Recipe {
    return this.#recipe;
  }

  get revision(): number {
    return this.#revision;
  }

  get canUndo(): boolean {
    return this.#earlier.length > 0;
  }

  /** @returns whether anything changed. */
  change(recipe: Recipe): boolean {
    if (isSameRecipe(recipe, this.#recipe)) return false;
    this.#earlier.push(this.#recipe);
    if (this.#earlier.length > UNDO_LIMIT) this.#earlier.shift();
    this.#set(recipe);
    return true;
  }

  /** @returns whether there was anything to take back. */
  undo(): boolean {
    const recipe = this.#earlier.pop();
    if (recipe === undefined) return false;
    this.#set(recipe);
    return true;
  }

  /** Starts anew from another recipe, with nothing to take back. */
  restart(recipe: Recipe): void {
    this.#earlier.length = 0;
    this.#set(recipe);
  }

  #set(recipe: Recipe): void {
    this.#recipe = recipe;
    this.#revision += 1;
  }
}

/** Whether two recipes say the same, whatever the order of their fields. */
export function isSameRecipe(a: Recipe, b: Recipe): boolean {
  return JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
}
