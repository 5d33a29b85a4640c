import { DEFAULT_RECIPE } from '../../core/recipe/parseRecipe';
import type { Architecture, DataRecipe, Recipe, Scope } from '../../core/recipe/recipe';

/** The plan that a user starts from. */
export function defaultRecipe(scope: Scope, sparsity: number): Recipe {
  return { ...DEFAULT_RECIPE, scope, sparsity };
}

/** Locks these layers, or opens them when `locked` is false. */
export function withLocked(recipe: Recipe, layers: readonly string[], locked: boolean): Recipe {
  return { ...recipe, lock: withNames(recipe.lock, layers, locked) };
}

/** Excludes these layers by their exact names, or takes those names out again. */
export function withExcluded(recipe: Recipe, layers: readonly string[], excluded: boolean): Recipe {
  return { ...recipe, exclude: withNames(recipe.exclude, layers.map(globOfName), excluded) };
}

/** The glob that a layer's name alone is: characters with a meaning in globs match as any one. */
export function globOfName(layer: string): string {
  return layer.replace(/[*?[\]{},\\!]/gu, '?');
}

/** The recipe with other data, or with none. */
export function withData(recipe: Recipe, data: DataRecipe | null): Recipe {
  if (data !== null) return { ...recipe, data };
  const rest: Recipe & { data?: DataRecipe } = { ...recipe };
  delete rest.data;
  return rest;
}

/** The recipe by which a mask alone says what goes: its target is left out. */
export function withMask(recipe: Recipe, mask: string): Recipe {
  const rest: { -readonly [K in keyof Recipe]?: Recipe[K] } = { ...recipe };
  for (const target of TARGETS) Reflect.deleteProperty(rest, target);
  return { ...(rest as Recipe), mask };
}

const TARGETS = ['sparsity', 'threshold', 'unitThreshold', 'stdFactor', 'macs', 'maxBytes'];

function withNames(list: readonly string[], names: readonly string[], present: boolean): string[] {
  const others = list.filter((name) => !names.includes(name));
  return present ? [...others, ...names] : others;
}

/** The architecture of a recipe as a parameter that is absent where the recipe has none. */
export function architectureOf({ architecture }: Recipe): { architecture?: Architecture } {
  return architecture === undefined ? {} : { architecture };
}
