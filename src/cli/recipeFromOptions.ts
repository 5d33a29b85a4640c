import path from 'node:path';
import { UsageError } from '../core/errors';
import { sampleOfText, sizeOfText, splitOfText } from '../core/recipe/parseDataChoices';
import { parseRowRange } from '../core/recipe/parseDataRecipe';
import { DEFAULT_RECIPE, parseRecipe } from '../core/recipe/parseRecipe';
import type { DataRecipe, ImageChoice, Recipe } from '../core/recipe/recipe';
import { withoutFields } from '../core/recipe/withoutFields';
import { withoutUndefined } from '../core/recipe/withoutUndefined';
import { readRecipeFile } from '../node/recipeFile';
import { calibrationFromOptions } from './calibrationFromOptions';
import { methodFromOptions } from './methodFromOptions';
import { listOption, numberOption, numbersOption, type OptionValues, textOption } from './options';

/**
 * The recipe that the options spell: the recipe file's, or the default, with every option given on
 * the command line over it. Paths are absolute.
 * @throws UsageError naming the option.
 */
export async function recipeFromOptions(values: OptionValues): Promise<Recipe> {
  const file = textOption(values, 'recipe');
  const base = file === undefined ? NO_RECIPE : await readRecipeFile(file);
  const target = targetFromOptions(values, withCriterion(values, base));
  const data = dataFromOptions(values, base.data);
  const spelled = withoutUndefined({
    criterion: textOption(values, 'criterion'),
    ...methodFromOptions(values, base),
    unitThreshold: numberOption(values, 'unit-threshold'),
    only: listOption(values, 'layers'),
    exclude: listOption(values, 'exclude'),
    seed: numberOption(values, 'seed'),
    layout: textOption(values, 'weight-layout'),
    data,
    calibration: calibrationFromOptions(values, base.calibration, data),
  });
  // Parsed again, so that an option keeps the rules of the field it stands for.
  return parseRecipe({ ...target, ...spelled }, 'the command line');
}

/** The default, without a target: which one that is depends on what the options say. */
const NO_RECIPE: Recipe = withoutFields(DEFAULT_RECIPE, ['sparsity']);

/** Another criterion brings its own granularity. */
function withCriterion(values: OptionValues, base: Recipe): object {
  return values['criterion'] === undefined ? base : { ...base, granularity: undefined };
}

/** The base without the target that an option replaces. */
function targetFromOptions(values: OptionValues, base: object): object {
  const target = withoutUndefined({
    sparsity: numberOption(values, 'sparsity'),
    threshold: numberOption(values, 'threshold'),
    stdFactor: numberOption(values, 'std-factor'),
    macs: numberOption(values, 'macs'),
    maxBytes: numberOption(values, 'max-bytes'),
  });
  if (Object.keys(target).length === 0) return base;
  const none = {
    sparsity: undefined,
    threshold: undefined,
    stdFactor: undefined,
    macs: undefined,
    maxBytes: undefined,
  };
  return { ...base, ...none, ...target };
}

/** The data that the options name, or the recipe's with what the options change. */
function dataFromOptions(
  values: OptionValues,
  base: DataRecipe | undefined,
): DataRecipe | undefined {
  const named = textOption(values, 'data');
  const file = named === undefined ? base?.file : path.resolve(named);
  const scale = numberOption(values, 'scale');
  const changed = withoutUndefined({
    inputs: listOption(values, 'inputs'),
    labels: labelsFromOptions(values),
    split: mapText(values, 'split', splitOfText),
    rows: mapText(values, 'rows', parseRowRange),
    sample: mapText(values, 'sample', sampleOfText),
    shuffle: numberOption(values, 'shuffle'),
    scale: scale === undefined ? undefined : asFactor(scale),
    mean: numbersOption(values, 'mean'),
    std: numbersOption(values, 'std'),
    layout: textOption(values, 'layout'),
    image: imageFromOptions(values, base?.image),
    header: flagOption(values, 'header'),
    delimiter: delimiterOption(values),
    loss: textOption(values, 'loss'),
    folds: numberOption(values, 'folds'),
    topK: numberOption(values, 'top-k'),
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

function mapText<T>(values: OptionValues, name: string, parse: (text: string) => T): T | undefined {
  const text = textOption(values, name);
  return text === undefined ? undefined : parse(text);
}

/** One name stays a text, as in a recipe; `none` is an empty list. */
function labelsFromOptions(values: OptionValues): DataRecipe['labels'] {
  const names = listOption(values, 'labels');
  if (names?.length !== 1) return names;
  return names[0] === 'none' ? [] : names[0];
}

function imageFromOptions(values: OptionValues, base: ImageChoice | undefined): object | undefined {
  const changed = withoutUndefined({
    size: mapText(values, 'size', sizeOfText),
    resize: textOption(values, 'resize'),
    channels: textOption(values, 'channels'),
    antialias: flagOption(values, 'antialias'),
  });
  return Object.keys(changed).length === 0 ? base : { ...base, ...changed };
}

function flagOption(values: OptionValues, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** A tab is hard to type. */
function delimiterOption(values: OptionValues): string | undefined {
  const text = textOption(values, 'delimiter');
  return text === 'tab' || text === '\\t' ? '\t' : text;
}

/**
 * A factor above 1 can only be the full scale of integer data (16, 255): inputs are divided by it.
 * Any other is multiplied with.
 */
function asFactor(scale: number): number {
  return scale > 1 ? 1 / scale : scale;
}
