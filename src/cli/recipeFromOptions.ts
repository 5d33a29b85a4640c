import path from 'node:path';
import { UsageError } from '../core/errors';
import { parseRowRange } from '../core/recipe/parseDataRecipe';
import { DEFAULT_RECIPE, parseRecipe } from '../core/recipe/parseRecipe';
import type { DataRecipe, Recipe } from '../core/recipe/recipe';
import { withoutUndefined } from '../core/recipe/withoutUndefined';
import { readRecipeFile } from '../node/recipeFile';
import { listOption, numberOption, numbersOption, type OptionValues, textOption } from './options';

/**
 * The recipe that the options spell: the recipe file's, or the default, with every option given on
 * the command line over it. Paths are absolute.
 * @throws UsageError naming the option.
 */
export async function recipeFromOptions(values: OptionValues): Promise<Recipe> {
  const file = textOption(values, 'recipe');
  const base = file === undefined ? DEFAULT_RECIPE : await readRecipeFile(file);
  const target = targetFromOptions(values, base);
  const data = dataFromOptions(values, base.data);
  const spelled = withoutUndefined({
    criterion: textOption(values, 'criterion'),
    granularity: textOption(values, 'granularity'),
    scope: textOption(values, 'scope'),
    unitThreshold: numberOption(values, 'unit-threshold'),
    only: listOption(values, 'layers'),
    exclude: listOption(values, 'exclude'),
    seed: numberOption(values, 'seed'),
    layout: textOption(values, 'weight-layout'),
    data,
  });
  // Parsed again, so that an option keeps the rules of the field it stands for.
  return parseRecipe({ ...target, ...spelled }, 'the command line');
}

/** The base without the target that an option replaces. */
function targetFromOptions(values: OptionValues, base: Recipe): object {
  const sparsity = numberOption(values, 'sparsity');
  const threshold = numberOption(values, 'threshold');
  if (sparsity === undefined && threshold === undefined) return base;
  const withoutTarget = { ...base, sparsity: undefined, threshold: undefined };
  return { ...withoutTarget, sparsity, threshold };
}

/** The data that the options name, or the recipe's with what the options change. */
function dataFromOptions(
  values: OptionValues,
  base: DataRecipe | undefined,
): DataRecipe | undefined {
  const named = textOption(values, 'data');
  const file = named === undefined ? base?.file : path.resolve(named);
  const scale = numberOption(values, 'scale');
  const rows = textOption(values, 'rows');
  const changed = withoutUndefined({
    inputs: listOption(values, 'inputs'),
    labels: textOption(values, 'labels'),
    split: textOption(values, 'split'),
    rows: rows === undefined ? undefined : parseRowRange(rows),
    scale: scale === undefined ? undefined : asFactor(scale),
    mean: numbersOption(values, 'mean'),
    std: numbersOption(values, 'std'),
    layout: textOption(values, 'layout'),
    loss: textOption(values, 'loss'),
    folds: numberOption(values, 'folds'),
  });
  if (file === undefined) {
    if (Object.keys(changed).length > 0) {
      throw new UsageError(
        `found --${Object.keys(changed).join(', --')} without --data; allowed: with it`,
      );
    }
    return undefined;
  }
  // The parser of the recipe checks layout, loss and folds.
  return { ...base, ...(changed as Partial<DataRecipe>), file };
}

/**
 * A factor above 1 can only be the full scale of integer data (16, 255): inputs are divided by it.
 * Any other is multiplied with.
 */
function asFactor(scale: number): number {
  return scale > 1 ? 1 / scale : scale;
}
