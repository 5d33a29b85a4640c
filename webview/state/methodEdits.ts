import {
  type Criterion,
  type CriterionOptions,
  isSigned,
  ranksOf,
} from '../../src/core/criteria/criterion';
import { DEFAULT_SPARSITY, defaultGranularity } from '../../src/core/recipe/parsePruneMethod';
import type { Allocation, Granularity, LayerSetting, Recipe } from '../../src/core/recipe/recipe';
import { parseGranularity } from '../../src/core/selection/granularity';
import { optionsFor, reductionsFor } from './criterionOptions';
import { omit } from './omit';
import { isOnScore, withoutTarget, withSomeTarget, withSparsity } from './targetEdits';

/**
 * Ranks by another criterion. What is meant in the earlier one's scores goes: thresholds become the share
 * they came to, options that it does not have and a granularity that it cannot rank are left out.
 * @param share of the weights that the present plan prunes
 */
export function withCriterion(recipe: Recipe, criterion: Criterion, share: number): Recipe {
  if (criterion === recipe.criterion) return recipe;
  const target = isOnScore(recipe) ? withSparsity(recipe, share) : recipe;
  const granularity = fittingGranularity(recipe, criterion);
  const layers = mapSettings(target.layers, (setting) => omit(setting, 'threshold'));
  const kept = withFittingOptions({ ...target, criterion, granularity, layers });
  return withSomeTarget(withFittingLayers(kept), share);
}

/**
 * Prunes single weights, groups, blocks or whole units; options that no longer apply go. A pattern has a
 * sparsity of its own, and needs no target.
 */
export function withGranularity(recipe: Recipe, granularity: Granularity): Recipe {
  const target = patternSparsity(granularity) === null ? recipe : withoutTarget(recipe);
  const share = patternSparsity(recipe.granularity) ?? DEFAULT_SPARSITY;
  return withFittingOptions(withSomeTarget({ ...target, granularity }, share));
}

/** The share that a pattern N:M takes of every group; null for other granularities. */
export function patternSparsity(granularity: Granularity): number | null {
  const parts = parseGranularity(granularity);
  return parts?.kind === 'n:m' ? 1 - parts.keep / parts.group : null;
}

/**
 * Sets an option of the criterion, or leaves it at its default by undefined. Where other things are ranked then,
 * the granularity follows, and thresholds below all scores become the lowest.
 */
export function withOption<K extends keyof CriterionOptions>(
  recipe: Recipe,
  name: K,
  value: CriterionOptions[K] | undefined,
): Recipe {
  const others = omit(recipe.options ?? {}, name);
  const set = withOptions(recipe, value === undefined ? others : { ...others, [name]: value });
  const fitting = fitsCriterion(set, set.granularity)
    ? set
    : { ...set, granularity: defaultGranularity(set.criterion, set.options) };
  const kept = withFittingLayers(withFittingOptions(fitting));
  return withSomeTarget(withThresholdsInRange(kept), DEFAULT_SPARSITY);
}

/** Scores that are never negative have no threshold below 0. */
function withThresholdsInRange(recipe: Recipe): Recipe {
  if (isSigned(recipe.criterion, recipe.options)) return recipe;
  const inRange = <T extends { readonly threshold?: number }>(one: T): T =>
    one.threshold === undefined ? one : { ...one, threshold: Math.max(0, one.threshold) };
  return { ...inRange(recipe), layers: mapSettings(recipe.layers, inRange) };
}

/** Shares the target out among the layers in another way; as the scope says by null. */
export function withAllocation(recipe: Recipe, allocation: Allocation | null): Recipe {
  return withField(recipe, 'allocation', allocation ?? undefined);
}

/** Sets one of the rarer fields, or leaves it out by undefined. */
export function withField<
  K extends
    'allocation' | 'maxLayerSparsity' | 'schedule' | 'reconstruction' | 'mask' | 'calibration',
>(recipe: Recipe, field: K, value: Recipe[K] | undefined): Recipe {
  const rest = omit(recipe, field) as Recipe;
  return value === undefined ? rest : { ...rest, [field]: value };
}

/** Goes by scores again, not by a mask. */
export function withoutMask(recipe: Recipe): Recipe {
  return withSomeTarget(withField(recipe, 'mask', undefined), DEFAULT_SPARSITY);
}

/**
 * Whether a criterion can rank what a granularity takes together. Those of units rank what a layer gives; by the
 * weights alone some also rank what it reads, and whole heads.
 */
export function fitsCriterion(
  { criterion, options }: Pick<Recipe, 'criterion' | 'options'>,
  granularity: Granularity | undefined,
): boolean {
  if (granularity === undefined || ranksOf(criterion, options) === 'weights') return true;
  if (granularity === 'unit') return true;
  return ALSO_RANKED[criterion]?.includes(granularity) === true;
}

const ALSO_RANKED: Readonly<Partial<Record<Criterion, readonly Granularity[]>>> = {
  'l1-norm': ['unit:input', 'head'],
  'l2-norm': ['unit:input', 'head'],
  fpgm: ['unit:input'],
};

/** A criterion of weights goes back to single weights where units were only what the earlier one ranks. */
function fittingGranularity(recipe: Recipe, criterion: Criterion): Granularity {
  const wereUnits = ranksOf(recipe.criterion, recipe.options) === 'units';
  const areWeights = ranksOf(criterion) === 'weights';
  const fits = fitsCriterion({ criterion }, recipe.granularity) && !(wereUnits && areWeights);
  return fits ? recipe.granularity : defaultGranularity(criterion);
}

/** Leaves out the options that do nothing for the criterion. */
export function withFittingOptions(recipe: Recipe): Recipe {
  if (recipe.options === undefined) return recipe;
  const allowed = new Set<string>(optionsFor(recipe));
  const { reduction } = recipe.options;
  if (reduction !== undefined && !reductionsFor(recipe).includes(reduction)) {
    allowed.delete('reduction');
  }
  const kept = Object.entries(recipe.options).filter(([name]) => allowed.has(name));
  return withOptions(recipe, Object.fromEntries(kept));
}

/** Leaves out the layers' own granularities that the criterion cannot rank. */
function withFittingLayers(recipe: Recipe): Recipe {
  const layers = mapSettings(recipe.layers, (setting) =>
    fitsCriterion(recipe, setting.granularity) ? setting : omit(setting, 'granularity'),
  );
  return { ...recipe, layers };
}

function withOptions(recipe: Recipe, options: CriterionOptions): Recipe {
  const rest = omit(recipe, 'options') as Recipe;
  return Object.keys(options).length === 0 ? rest : { ...rest, options };
}

function mapSettings(
  layers: Recipe['layers'],
  change: (setting: LayerSetting) => LayerSetting,
): Recipe['layers'] {
  const changed = Object.entries(layers).map(([name, setting]) => [name, change(setting)] as const);
  return Object.fromEntries(changed.filter(([, setting]) => Object.keys(setting).length > 0));
}
