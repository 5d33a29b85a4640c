import type { Recipe } from '../../core/recipe/recipe';

/** The order in which a person reads a recipe. */
const FIELD_ORDER: readonly (keyof Recipe)[] = [
  'model',
  'criterion',
  'options',
  'granularity',
  'scope',
  'allocation',
  'maxLayerSparsity',
  'sparsity',
  'threshold',
  'stdFactor',
  'macs',
  'maxBytes',
  'unitThreshold',
  'schedule',
  'reconstruction',
  'mask',
  'seed',
  'only',
  'exclude',
  'lock',
  'layers',
  'layout',
  'data',
  'calibration',
  'architecture',
  'bounds',
  'output',
];

/** A recipe as the text of its file; lists and tables that say nothing are left out. */
export function recipeText(recipe: Recipe): string {
  const fields = FIELD_ORDER.flatMap((key) =>
    saysNothing(recipe[key]) ? [] : [[key, recipe[key]]],
  );
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}

function saysNothing(value: Recipe[keyof Recipe]): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
