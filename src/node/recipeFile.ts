import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../core/errors';
import { parseJson } from '../core/formats/parseJson';
import { parseRecipe } from '../core/recipe/parseRecipe';
import type { Recipe } from '../core/recipe/recipe';
import { errorCode, toIoError } from './ioError';

/**
 * Reads a `*.prune.json` with its paths (model, output, data file) made absolute: they are written
 * relative to the recipe's own folder.
 * @throws UsageError naming the field; FormatError for broken JSON or no such file; IoError.
 */
export async function readRecipeFile(file: string): Promise<Recipe> {
  const name = path.basename(file);
  const json = parseJson(await readText(file), { format: 'recipe', place: name });
  return withAbsolutePaths(parseRecipe(json, name), path.dirname(path.resolve(file)));
}

/** The recipe with its paths resolved against a folder. */
export function withAbsolutePaths(recipe: Recipe, folder: string): Recipe {
  const { model, output, data, calibration } = recipe;
  return {
    ...recipe,
    ...(model === undefined ? {} : { model: path.resolve(folder, model) }),
    ...(output === undefined ? {} : { output: path.resolve(folder, output) }),
    ...(data === undefined ? {} : { data: { ...data, file: path.resolve(folder, data.file) } }),
    ...(calibration === undefined
      ? {}
      : { calibration: { ...calibration, file: path.resolve(folder, calibration.file) } }),
  };
}

async function readText(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new FormatError({
        format: 'recipe',
        place: file,
        found: 'no such file',
        allowed: 'an existing file',
      });
    }
    throw toIoError(error, `reading ${file}`);
  }
}
