import { UsageError } from '../errors';
import { parseArchitecture } from './parseArchitecture';
import { parseDataRecipe } from './parseDataRecipe';
import type { Bounds, LayerSetting, Recipe } from './recipe';
import { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** The plan that a user sees first: magnitude, over the whole model, half of the weights. */
export const DEFAULT_RECIPE: Recipe = {
  criterion: 'magnitude',
  granularity: 'weight',
  scope: 'global',
  sparsity: 0.5,
  seed: 0,
  only: [],
  exclude: [],
  lock: [],
  layers: {},
};

const FIELDS = [
  '$schema',
  'model',
  'output',
  'criterion',
  'granularity',
  'scope',
  'sparsity',
  'threshold',
  'unitThreshold',
  'seed',
  'only',
  'exclude',
  'lock',
  'layers',
  'layout',
  'data',
  'architecture',
  'bounds',
] as const;

/**
 * Reads a recipe from parsed JSON and fills in the defaults. Without sparsity and threshold the
 * target is {@link DEFAULT_RECIPE}'s.
 * @param name the recipe's file, for messages
 * @throws UsageError naming the field, what was found and what is allowed.
 */
export function parseRecipe(value: unknown, name: string): Recipe {
  const reader = RecipeReader.of(value, name);
  reader.assertOnly(FIELDS);
  const target = parseTarget(reader);
  const optional = {
    model: reader.text('model'),
    output: reader.text('output'),
    unitThreshold: reader.number('unitThreshold', { min: 0 }),
    layout: reader.oneOf('layout', ['torch', 'keras']),
    data: reader.nested('data', parseDataRecipe),
    architecture: reader.nested('architecture', parseArchitecture),
    bounds: reader.nested('bounds', parseBounds),
  };
  return {
    criterion: reader.oneOf('criterion', ['magnitude']) ?? DEFAULT_RECIPE.criterion,
    granularity: reader.oneOf('granularity', ['weight']) ?? DEFAULT_RECIPE.granularity,
    scope: reader.oneOf('scope', ['global', 'layer']) ?? DEFAULT_RECIPE.scope,
    seed: reader.wholeNumber('seed', { min: 0 }) ?? DEFAULT_RECIPE.seed,
    only: reader.texts('only') ?? [],
    exclude: reader.texts('exclude') ?? [],
    lock: reader.texts('lock') ?? [],
    layers: parseLayers(reader),
    ...target,
    ...withoutUndefined(optional),
  };
}

function parseTarget(reader: RecipeReader): { sparsity?: number; threshold?: number } {
  const sparsity = reader.number('sparsity', { min: 0, max: 1 });
  const threshold = reader.number('threshold', { min: 0 });
  if (sparsity !== undefined && threshold !== undefined) {
    throw new UsageError(
      `${reader.place}: both sparsity and threshold are set; allowed: one of them`,
    );
  }
  if (threshold !== undefined) return { threshold };
  return { sparsity: sparsity ?? DEFAULT_RECIPE.sparsity ?? 0 };
}

function parseLayers(reader: RecipeReader): Record<string, LayerSetting> {
  const settings = reader.entries('layers', (setting) => {
    setting.assertOnly(['sparsity', 'threshold', 'unitThreshold', 'unitAxis']);
    const { sparsity, threshold } =
      setting.has('sparsity') || setting.has('threshold') ? parseTarget(setting) : {};
    const unitThreshold = setting.isNull('unitThreshold')
      ? null
      : setting.number('unitThreshold', { min: 0 });
    const unitAxis = setting.wholeNumber('unitAxis', { min: 0 });
    return withoutUndefined({ sparsity, threshold, unitThreshold, unitAxis });
  });
  return Object.fromEntries(settings);
}

function parseBounds(reader: RecipeReader): Bounds {
  reader.assertOnly(['accuracyDrop', 'lossIncrease']);
  return withoutUndefined({
    accuracyDrop: reader.number('accuracyDrop', { min: 0, max: 1 }),
    lossIncrease: reader.number('lossIncrease', { min: 0 }),
  });
}
