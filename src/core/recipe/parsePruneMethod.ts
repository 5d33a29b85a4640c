import {
  CRITERIA,
  type Criterion,
  type CriterionOptions,
  ENTROPY_FORMS,
  HESSIAN_SOURCES,
  ranksOf,
  SENSITIVITY_FORMS,
  TAYLOR_SUBJECTS,
  UNIT_REDUCTIONS,
  SIGNED_ORDERS,
} from '../criteria/criterion';
import { UsageError } from '../errors';
import {
  type Granularity,
  GRANULARITY_FORMS,
  isOfUnits,
  parseGranularity,
} from '../selection/granularity';
import { MAX_PROBES, MAX_SCHEDULE_STEPS } from './limits';
import {
  ALLOCATIONS,
  type Recipe,
  type Reconstruction,
  type Schedule,
  SCHEDULE_KINDS,
} from './recipe';
import type { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** Half of the weights, where nothing else is said. */
export const DEFAULT_SPARSITY = 0.5;

/** How much goes, in one of the ways to say it. */
export type PruneTarget = Pick<
  Recipe,
  'sparsity' | 'threshold' | 'stdFactor' | 'macs' | 'maxBytes'
>;

/** Where a schedule does not say it: enough for its shape to show. */
const DEFAULT_STEPS = 10;

/** The fields that say by what is pruned, and how. @throws UsageError naming the field. */
export function parsePruneMethod(
  reader: RecipeReader,
): Pick<Recipe, 'criterion' | 'granularity'> & Partial<Recipe> {
  const criterion = reader.oneOf('criterion', CRITERIA) ?? 'magnitude';
  const options = reader.nested('options', parseOptions);
  const ranks = ranksOf(criterion, options);
  const granularity = reader.has('granularity')
    ? parseGranularityField(reader)
    : defaultGranularity(criterion, options);
  if (ranks === 'units') assertOfUnits(reader, criterion, granularity);
  return {
    criterion,
    granularity,
    ...withoutUndefined({
      options,
      allocation: reader.oneOf('allocation', ALLOCATIONS),
      maxLayerSparsity: reader.number('maxLayerSparsity', { min: 0, max: 1 }),
      schedule: reader.nested('schedule', parseSchedule),
      reconstruction: reader.nested('reconstruction', parseReconstruction),
      unitThreshold: reader.number('unitThreshold', { min: 0 }),
    }),
  };
}

/** What goes together where a recipe does not say it. */
export function defaultGranularity(
  criterion: Criterion,
  options: CriterionOptions = {},
): Granularity {
  return ranksOf(criterion, options) === 'units' ? 'unit' : 'weight';
}

/** @throws UsageError where a field holds no granularity. */
export function parseGranularityField(reader: RecipeReader): Granularity {
  const text = reader.text('granularity') ?? '';
  if (parseGranularity(text) === null) throw reader.wrong('granularity', GRANULARITY_FORMS);
  return text as Granularity;
}

/** A unit's score says nothing of its single weights. */
function assertOfUnits(reader: RecipeReader, criterion: Criterion, granularity: Granularity): void {
  if (isOfUnits(granularity)) return;
  throw new UsageError(
    `${reader.place}: found criterion ${criterion} with granularity ${granularity}; it ranks whole units: allowed: unit, unit:input, head`,
  );
}

/** The fields of which one says how much goes. */
export const PRUNE_TARGETS = ['sparsity', 'threshold', 'stdFactor', 'macs', 'maxBytes'] as const;

/**
 * The one target that is set. Half of the weights where none is; but a mask, and N of M, say themselves what goes.
 * @param lowestScore of the criterion: a threshold lies above it
 * @throws UsageError for two.
 */
export function parseTarget(reader: RecipeReader, lowestScore = 0): PruneTarget {
  const target = withoutUndefined({
    sparsity: reader.number('sparsity', { min: 0, max: 1 }),
    threshold: reader.number('threshold', { min: lowestScore }),
    stdFactor: reader.number('stdFactor', { min: 0 }),
    macs: reader.number('macs', { min: 0, max: 1 }),
    maxBytes: reader.wholeNumber('maxBytes', { min: 1 }),
  });
  const set = PRUNE_TARGETS.filter((field) => target[field] !== undefined);
  if (set.length > 1) {
    throw new UsageError(
      `${reader.place}: both ${set.join(' and ')} are set; allowed: one of them`,
    );
  }
  return set.length === 0 && !saysItself(reader) ? { sparsity: DEFAULT_SPARSITY } : target;
}

function saysItself(reader: RecipeReader): boolean {
  const granularity = reader.has('granularity') ? (reader.text('granularity') ?? '') : '';
  return reader.has('mask') || parseGranularity(granularity)?.kind === 'n:m';
}

function parseOptions(reader: RecipeReader): CriterionOptions {
  reader.assertOnly([
    ...(['reduction', 'entropy', 'of', 'sensitivity', 'hessian', 'probes', 'order'] as const),
    ...(['extent', 'damping', 'blockSize', 'sigma'] as const),
  ]);
  return withoutUndefined({
    reduction: reader.oneOf('reduction', UNIT_REDUCTIONS),
    entropy: reader.oneOf('entropy', ENTROPY_FORMS),
    order: reader.oneOf('order', SIGNED_ORDERS),
    of: reader.oneOf('of', TAYLOR_SUBJECTS),
    sensitivity: reader.oneOf('sensitivity', SENSITIVITY_FORMS),
    hessian: reader.oneOf('hessian', HESSIAN_SOURCES),
    probes: reader.wholeNumber('probes', { min: 1, max: MAX_PROBES }),
    extent: reader.oneOf('extent', ['layer', 'network'] as const),
    damping: reader.number('damping', { min: 0 }),
    blockSize: reader.wholeNumber('blockSize', { min: 1 }),
    sigma: reader.number('sigma', { min: 0 }),
  });
}

function parseSchedule(reader: RecipeReader): Schedule {
  reader.assertOnly(['kind', 'steps']);
  return {
    kind: reader.oneOf('kind', SCHEDULE_KINDS) ?? 'agp',
    steps: reader.wholeNumber('steps', { min: 1, max: MAX_SCHEDULE_STEPS }) ?? DEFAULT_STEPS,
  };
}

function parseReconstruction(reader: RecipeReader): Reconstruction {
  reader.assertOnly(['kind', 'damping']);
  const damping = reader.number('damping', { min: 0 });
  return {
    kind: reader.oneOf('kind', ['least-squares'] as const) ?? 'least-squares',
    ...withoutUndefined({ damping }),
  };
}
