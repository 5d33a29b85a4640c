import type { LayerSetting, Recipe } from '../recipe/recipe';

/**
 * Whether a recipe means a layer by itself, by `only` or by a setting of the layer's own, so that it is pruned
 * even where its units are the model's outputs or inputs. What its units are is no such setting.
 */
export function namesLayer({ only }: Pick<Recipe, 'only'>, setting: LayerSetting): boolean {
  return only.length > 0 || Object.keys(setting).some((field) => field !== 'unitAxis');
}
