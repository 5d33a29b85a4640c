import { isSigned } from '../criteria/criterion';
import { parseArchitecture } from './parseArchitecture';
import { parseDataRecipe } from './parseDataRecipe';
import {
  DEFAULT_SPARSITY,
  parseGranularityField,
  parsePruneMethod,
  parseTarget,
  type PruneTarget,
} from './parsePruneMethod';
import type { Bounds, LayerSetting, Recipe } from './recipe';
import { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** The plan that a user sees first: magnitude, over the whole model, half of the weights. */
export const DEFAULT_RECIPE: Recipe = {
  criterion: 'magnitude',
  granularity: 'weight',
  scope: 'global',
  sparsity: DEFAULT_SPARSITY,
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
  'options',
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
  const method = parsePruneMethod(reader);
  const lowestScore = isSigned(method.criterion, method.options) ? -Infinity : 0;
  const target = parseTarget(reader, lowestScore);
  const optional = {
    model: reader.text('model'),
    output: reader.text('output'),
    mask: reader.text('mask'),
    layout: reader.oneOf('layout', ['torch', 'keras']),
    data: reader.nested('data', parseDataRecipe),
    calibration: reader.nested('calibration', parseDataRecipe),
    architecture: reader.nested('architecture', parseArchitecture),
    bounds: reader.nested('bounds', parseBounds),
  };
  return {
    ...method,
    scope: reader.oneOf('scope', ['global', 'layer']) ?? DEFAULT_RECIPE.scope,
    seed: reader.wholeNumber('seed', { min: 0 }) ?? DEFAULT_RECIPE.seed,
    only: reader.texts('only') ?? [],
    exclude: reader.texts('exclude') ?? [],
    lock: reader.texts('lock') ?? [],
    layers: parseLayers(reader, lowestScore),
    ...target,
    ...withoutUndefined(optional),
  };
}

function parseLayers(reader: RecipeReader, lowestScore: number): Record<string, LayerSetting> {
  const settings = reader.entries('layers', (setting) => {
    setting.assertOnly(['sparsity', 'threshold', 'granularity', 'unitThreshold', 'unitAxis']);
    const { sparsity, threshold }: PruneTarget =
      setting.has('sparsity') || setting.has('threshold') ? parseTarget(setting, lowestScore) : {};
    const granularity = setting.has('granularity') ? parseGranularityField(setting) : undefined;
    const unitThreshold = setting.isNull('unitThreshold')
      ? null
      : setting.number('unitThreshold', { min: 0 });
    const unitAxis = setting.wholeNumber('unitAxis', { min: 0 });
    return withoutUndefined({ sparsity, threshold, granularity, unitThreshold, unitAxis });
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
