import type { LayerSetting, Recipe, Scope } from '../../src/core/recipe/recipe';
import { omit } from './omit';

/** Means the target for the whole model, or for each layer by itself. */
export function withScope(recipe: Recipe, scope: Scope): Recipe {
  return { ...recipe, scope };
}

/** Globs as typed: by commas or line ends, without spaces around them. */
export function withExclude(recipe: Recipe, text: string): Recipe {
  const exclude = text.split(/[,\n]/).map((glob) => glob.trim());
  return { ...recipe, exclude: exclude.filter((glob) => glob !== '') };
}

/** Locks a layer by its exact name, or opens it again. */
export function withLock(recipe: Recipe, layer: string, locked: boolean): Recipe {
  const others = recipe.lock.filter((name) => name !== layer);
  return { ...recipe, lock: locked ? [...others, layer] : others };
}

/** Excludes a layer by its exact name, or takes that name out of the exclusions again. */
export function withExcludedLayer(recipe: Recipe, layer: string, excluded: boolean): Recipe {
  const glob = globOfName(layer);
  const others = recipe.exclude.filter((pattern) => pattern !== glob);
  return { ...recipe, exclude: excluded ? [...others, glob] : others };
}

/** The glob that a layer's name alone is: characters with a meaning in globs match as any one. */
export function globOfName(layer: string): string {
  return layer.replace(/[*?[\]{},\\!]/g, '?');
}

/** Gives a layer a sparsity of its own, or a threshold; its unit threshold stays. */
export function withLayerTarget(
  recipe: Recipe,
  layer: string,
  target: { readonly sparsity: number } | { readonly threshold: number },
): Recipe {
  const rest = settingWithoutTarget(recipe.layers[layer]);
  return withSetting(recipe, layer, { ...rest, ...target });
}

/** Lets a layer follow the plan again; a unit threshold of its own stays. */
export function withoutLayerTarget(recipe: Recipe, layer: string): Recipe {
  return withSetting(recipe, layer, settingWithoutTarget(recipe.layers[layer]));
}

/** Lets all layers follow the plan again. */
export function withoutLayerTargets(recipe: Recipe): Recipe {
  return Object.keys(recipe.layers).reduce(withoutLayerTarget, recipe);
}

function withSetting(recipe: Recipe, layer: string, setting: LayerSetting): Recipe {
  const others = omit(recipe.layers, layer);
  const isEmpty = Object.keys(setting).length === 0;
  return { ...recipe, layers: isEmpty ? others : { ...others, [layer]: setting } };
}

function settingWithoutTarget(setting: LayerSetting | undefined): LayerSetting {
  return omit(setting ?? {}, 'sparsity', 'threshold');
}
