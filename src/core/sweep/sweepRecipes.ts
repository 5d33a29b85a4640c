import { isByChance, needsData, ranksOf } from '../criteria/criterion';
import { defaultGranularity, PRUNE_TARGETS } from '../recipe/parsePruneMethod';
import type { DataRecipe, Recipe } from '../recipe/recipe';
import { withoutFields } from '../recipe/withoutFields';
import { type Granularity, isOfUnits, parseGranularity } from '../selection/granularity';
import type { SweepMethod, SweepRequest } from './sweep';

/** The recipe of one point: what `prune` with the same method, seed and sparsity would run. */
export function recipeOfPoint(
  request: Pick<SweepRequest, 'recipe' | 'seeds'>,
  method: SweepMethod,
  { seed, sparsity }: { readonly seed: number; readonly sparsity: number },
): Recipe {
  const { recipe } = request;
  const calibration = calibrationOfSeed(request, method, seed);
  return {
    ...withoutFields(recipe, PRUNE_TARGETS),
    criterion: method.criterion,
    layers: layersOf(recipe, method),
    granularity: granularityOf(recipe, method),
    ...(method.options === undefined ? {} : { options: method.options }),
    sparsity,
    seed,
    ...(calibration === undefined ? {} : { calibration }),
  };
}

/**
 * The data that a seed's scores are found on, where it is not as the recipe has it: with a sample drawn by the seed.
 * The recipe's own seed alone draws nothing, so that its sample stays what `prune` takes.
 * @returns the recipe's calibration where nothing is drawn
 */
export function calibrationOfSeed(
  { recipe, seeds }: Pick<SweepRequest, 'recipe' | 'seeds'>,
  method: SweepMethod,
  seed: number,
): DataRecipe | undefined {
  const data = calibrationOf(recipe);
  const isDrawn = seeds.some((one) => one !== recipe.seed) && usesData(recipe, method);
  if (data?.sample === undefined || !isDrawn) return recipe.calibration;
  return { ...data, sample: { ...data.sample, seed } };
}

/** The layers' own settings as far as the method can keep to them. */
function layersOf(recipe: Recipe, { criterion, options }: SweepMethod): Recipe['layers'] {
  const own = criterion === recipe.criterion ? recipe.layers : withoutThresholds(recipe);
  if (ranksOf(criterion, options ?? recipe.options) === 'weights') return own;
  const kept = Object.entries(own).map(([name, setting]) => {
    const { granularity = 'unit' } = setting;
    return [name, isOfUnits(granularity) ? setting : withoutFields(setting, ['granularity'])];
  });
  return Object.fromEntries(kept) as Recipe['layers'];
}

/** The layers' own settings without thresholds, which are on the score of the recipe's own criterion. */
export function withoutThresholds({ layers }: Recipe): Recipe['layers'] {
  const kept = Object.entries(layers).map(
    ([name, setting]) => [name, withoutFields(setting, ['threshold'])] as const,
  );
  return Object.fromEntries(kept);
}

/** The recipe by which every layer has one sparsity, what its mask takes included, whatever the recipe says of single ones. */
export function recipeOfLevel(recipe: Recipe, sparsity: number): Recipe {
  const layers = Object.entries(recipe.layers).map(
    ([name, setting]) => [name, withoutFields(setting, ['sparsity', 'threshold'])] as const,
  );
  const shared = ['allocation', 'maxLayerSparsity', 'schedule'] as const;
  return {
    ...withoutFields(withoutFields(recipe, PRUNE_TARGETS), shared),
    layers: Object.fromEntries(layers),
    scope: 'layer',
    sparsity,
  };
}

/** What goes together: the method's choice, the recipe's where the criterion allows it, or the criterion's own. */
export function granularityOf(
  recipe: Recipe,
  { criterion, options, granularity }: SweepMethod,
): Granularity {
  if (granularity !== undefined) return granularity;
  const chosen = options ?? recipe.options;
  const ranksWeights = ranksOf(criterion, chosen) === 'weights';
  const isOfUnits = recipe.granularity.startsWith('unit') || recipe.granularity === 'head';
  return ranksWeights || isOfUnits ? recipe.granularity : defaultGranularity(criterion, chosen);
}

/** The sparsities of a method's points, rising: those asked for, or the one that N:M leaves no choice of. */
export function sparsitiesOf(
  { recipe, sparsities }: Pick<SweepRequest, 'recipe' | 'sparsities'>,
  method: SweepMethod,
): readonly number[] {
  const own = ownSparsity(granularityOf(recipe, method));
  const others = Object.values(recipe.layers).flatMap(({ granularity }) => granularity ?? []);
  if (own !== null && others.every((granularity) => ownSparsity(granularity) !== null))
    return [own];
  return [...new Set(sparsities)].sort((one, other) => one - other);
}

/** Null where a sparsity says how much goes. */
function ownSparsity(granularity: Granularity): number | null {
  const parts = parseGranularity(granularity);
  return parts?.kind === 'n:m' ? 1 - parts.keep / parts.group : null;
}

/** The seeds that change what a method does; the first one alone where none does. */
export function seedsOf({ recipe, seeds }: SweepRequest, method: SweepMethod): readonly number[] {
  const byChance = isByChance(method.criterion, method.options ?? recipe.options);
  const isDrawn = usesData(recipe, method) && calibrationOf(recipe)?.sample !== undefined;
  return byChance || isDrawn ? [...new Set(seeds)] : seeds.slice(0, 1);
}

function calibrationOf({ calibration, data }: Recipe): DataRecipe | undefined {
  return calibration ?? data;
}

function usesData({ reconstruction, allocation }: Recipe, { criterion }: SweepMethod): boolean {
  return needsData(criterion) || reconstruction !== undefined || allocation === 'sensitivity';
}
