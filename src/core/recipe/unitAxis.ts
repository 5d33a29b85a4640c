import type { LayerSetting, Recipe, UnitLayout } from './recipe';

/** What is known of a layer's units without the recipe. */
export interface GuessedUnits {
  readonly name: string;
  /** The axis of the weight that counts units; null where it is not known. */
  readonly unitAxis: number | null;
  /** Where it would be by a framework's convention; null where the file itself says it. */
  readonly unitAxisBy: Readonly<Record<UnitLayout, number | null>> | null;
}

/** The part of a recipe that says where units lie. */
export type UnitChoices = Pick<Recipe, 'layout' | 'layers'>;

/** What a recipe says of units, and nothing else. */
export function unitChoicesOf({ layout, layers }: Recipe): UnitChoices {
  const axes = Object.entries(layers).flatMap(([name, { unitAxis }]) =>
    unitAxis === undefined ? [] : [[name, { unitAxis }] as const],
  );
  return { ...(layout === undefined ? {} : { layout }), layers: Object.fromEntries(axes) };
}

/** The axis that counts a layer's units, with what the recipe says of it. */
export function unitAxisIn(layer: GuessedUnits, { layout, layers }: UnitChoices): number | null {
  if (layer.unitAxisBy === null) return layer.unitAxis;
  const own = layers[layer.name]?.unitAxis;
  if (own !== undefined) return own;
  return layout === undefined ? layer.unitAxis : layer.unitAxisBy[layout];
}

/** Says on which axis a layer's units lie; null leaves it to the guess again. */
export function withUnitAxis(recipe: Recipe, layer: string, axis: number | null): Recipe {
  const setting: LayerSetting & { unitAxis?: number } = { ...recipe.layers[layer] };
  delete setting.unitAxis;
  if (axis !== null) setting.unitAxis = axis;
  const layers = Object.entries(recipe.layers).filter(([name]) => name !== layer);
  if (Object.keys(setting).length > 0) layers.push([layer, setting]);
  return { ...recipe, layers: Object.fromEntries(layers) };
}

/** Says whose convention guessed layers follow; null leaves it to the guess again. */
export function withUnitLayout(recipe: Recipe, layout: UnitLayout | null): Recipe {
  const changed: Recipe & { layout?: UnitLayout } = { ...recipe };
  delete changed.layout;
  if (layout !== null) changed.layout = layout;
  return changed;
}
