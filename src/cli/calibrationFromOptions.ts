import path from 'node:path';
import { UsageError } from '../core/errors';
import { sampleOfText, splitOfText } from '../core/recipe/parseDataChoices';
import { parseRowRange } from '../core/recipe/parseDataRecipe';
import type { DataRecipe } from '../core/recipe/recipe';
import { withoutUndefined } from '../core/recipe/withoutUndefined';
import { type OptionValues, textOption } from './options';

/**
 * The data that scores are found on: what is not said of it is as in the data that is evaluated.
 * @returns undefined where there is no difference
 * @throws UsageError naming the option.
 */
export function calibrationFromOptions(
  values: OptionValues,
  base: DataRecipe | undefined,
  data: DataRecipe | undefined,
): DataRecipe | undefined {
  const file = textOption(values, 'calibration');
  const changed: Partial<DataRecipe> = withoutUndefined({
    file: file === undefined ? undefined : path.resolve(file),
    split: mapText(values, 'calibration-split', splitOfText),
    rows: mapText(values, 'calibration-rows', parseRowRange),
    sample: mapText(values, 'calibration-sample', sampleOfText),
  });
  if (Object.keys(changed).length === 0) return base;
  const start = base ?? data;
  const from = changed.file ?? start?.file;
  if (from !== undefined) return { ...start, ...changed, file: from };
  throw new UsageError(
    'found calibration options without data; allowed: with --data or --calibration',
  );
}

function mapText<T>(values: OptionValues, name: string, parse: (text: string) => T): T | undefined {
  const text = textOption(values, name);
  return text === undefined ? undefined : parse(text);
}
