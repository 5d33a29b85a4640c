import { UsageError } from '../errors';
import { parseImageChoice, parseSample, parseSplit } from './parseDataChoices';
import type { DataRecipe } from './recipe';
import type { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** The fields of `data`. */
export const DATA_FIELDS = [
  'file',
  'inputs',
  'labels',
  'split',
  'rows',
  'sample',
  'shuffle',
  'scale',
  'divideBy',
  'mean',
  'std',
  'layout',
  'image',
  'header',
  'delimiter',
  'loss',
  'folds',
  'topK',
  'classNames',
] as const;

/** Reads the `data` of a recipe. @throws UsageError naming the field. */
export function parseDataRecipe(reader: RecipeReader): DataRecipe {
  reader.assertOnly(DATA_FIELDS);
  const file = reader.text('file');
  if (file === undefined) throw reader.wrong('file', 'the path of a data file or folder');
  return {
    file,
    ...withoutUndefined({
      inputs: reader.texts('inputs'),
      labels: parseLabels(reader),
      split: parseSplit(reader),
      rows: parseRows(reader),
      sample: parseSample(reader),
      shuffle: reader.wholeNumber('shuffle'),
      scale: parseScale(reader),
      mean: reader.numbers('mean'),
      std: reader.numbers('std'),
      layout: reader.oneOf('layout', ['nchw', 'nhwc']),
      image: reader.nested('image', parseImageChoice),
      header: reader.flag('header'),
      delimiter: parseDelimiter(reader),
      loss: reader.oneOf('loss', ['ce', 'ce-logits', 'mse']),
      folds: reader.wholeNumber('folds', { min: 2 }),
      topK: reader.wholeNumber('topK', { min: 1 }),
      classNames: reader.texts('classNames'),
    }),
  };
}

/** One name stays a text. */
function parseLabels(reader: RecipeReader): DataRecipe['labels'] {
  return Array.isArray(reader.raw('labels')) ? reader.texts('labels') : reader.text('labels');
}

function parseDelimiter(reader: RecipeReader): string | undefined {
  const delimiter = reader.text('delimiter');
  if (delimiter === undefined || (delimiter.length === 1 && !'"\r\n'.includes(delimiter))) {
    return delimiter;
  }
  throw reader.wrong('delimiter', 'one character that is no quote and no line break');
}

function parseScale(reader: RecipeReader): number | undefined {
  const scale = reader.number('scale');
  const divideBy = reader.number('divideBy');
  if (divideBy === undefined) return scale;
  if (scale !== undefined || divideBy === 0)
    throw reader.wrong('divideBy', 'a number other than 0, without scale');
  return 1 / divideBy;
}

type Rows = readonly [number | null, number | null];

/** `"A:B"` as on the command line, or `[A, B]` with null for an open end. */
function parseRows(reader: RecipeReader): Rows | undefined {
  const value = reader.raw('rows');
  if (value === undefined) return undefined;
  if (typeof value === 'string') return parseRowRange(value);
  const [from, to] =
    Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [undefined, undefined];
  if (!isRowBound(from) || !isRowBound(to)) throw reader.wrong('rows', '"A:B" or [A, B]');
  return [from, to];
}

function isRowBound(value: unknown): value is number | null {
  return value === null || Number.isSafeInteger(value);
}

/** Parses `A:B` with either side empty. @throws UsageError. */
export function parseRowRange(text: string): Rows {
  const match = /^(-?\d*):(-?\d*)$/.exec(text);
  if (match === null)
    throw new UsageError(`rows: found ${JSON.stringify(text)}; allowed: A:B, A: or :B`);
  const bound = (digits: string | undefined): number | null =>
    digits === undefined || digits === '' ? null : Number(digits);
  return [bound(match[1]), bound(match[2])];
}
