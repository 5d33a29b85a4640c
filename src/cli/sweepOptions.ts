import { CRITERIA } from '../core/criteria/criterion';
import { UsageError } from '../core/errors';
import type { Bounds, Recipe } from '../core/recipe/recipe';
import { withoutFields } from '../core/recipe/withoutFields';
import { withoutUndefined } from '../core/recipe/withoutUndefined';
import {
  type Granularity,
  GRANULARITY_FORMS,
  parseGranularity,
} from '../core/selection/granularity';
import type { SweepMethod } from '../core/sweep/sweep';
import {
  DATA_OPTIONS,
  listOption,
  numberOption,
  type OptionValues,
  PRUNE_OPTIONS,
} from './options';
import { ENGINE_OPTIONS } from './engineOption';

/** The options of `prune` that say neither criterion nor how much goes. */
export const MEASURED_OPTIONS = {
  recipe: { type: 'string' },
  json: { type: 'boolean' },
  out: { type: 'string' },
  csv: { type: 'string' },
  ...withoutFields(PRUNE_OPTIONS, [
    'criterion',
    'sparsity',
    'threshold',
    'std-factor',
    'macs',
    'max-bytes',
    'gzip',
  ]),
  ...DATA_OPTIONS,
  ...ENGINE_OPTIONS,
} as const;

/** `taylor,l2-norm@unit,magnitude@2:4`. @throws UsageError. */
export function methodsFromOptions(values: OptionValues): readonly SweepMethod[] {
  const names = listOption(values, 'criteria') ?? [];
  if (names.length === 0) {
    throw new UsageError('sweep: found no --criteria; allowed: names parted by commas');
  }
  return names.map(methodOfText);
}

function methodOfText(text: string): SweepMethod {
  const [name, granularity, ...rest] = text.split('@');
  const criterion = CRITERIA.find((one) => one === name);
  if (criterion === undefined || rest.length > 0) {
    throw new UsageError(
      `--criteria: found ${JSON.stringify(text)}; allowed: ${CRITERIA.join(', ')}, each with @GRANULARITY behind`,
    );
  }
  if (granularity === undefined) return { criterion };
  if (parseGranularity(granularity) === null) {
    throw new UsageError(
      `--criteria: found the granularity ${JSON.stringify(granularity)}; allowed: ${GRANULARITY_FORMS}`,
    );
  }
  return { criterion, granularity: granularity as Granularity };
}

/** The recipe with the bounds that the options name. @throws UsageError. */
export function withBounds(recipe: Recipe, values: OptionValues): Recipe {
  const named: Bounds = withoutUndefined({
    accuracyDrop: numberOption(values, 'accuracy-drop'),
    lossIncrease: numberOption(values, 'loss-increase'),
  });
  for (const [name, bound] of Object.entries(named)) {
    if (!(bound >= 0)) throw new UsageError(`${name}: found ${bound}; allowed: 0 or more`);
  }
  return Object.keys(named).length === 0 ? recipe : { ...recipe, bounds: named };
}
