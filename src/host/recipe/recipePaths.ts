import path from 'node:path';
import type { Recipe } from '../../core/recipe/recipe';

/** A recipe as its file has it, with the paths in it made absolute. */
export function withAbsolutePaths(recipe: Recipe, folder: string): Recipe {
  return mapPaths(recipe, (file) => path.resolve(folder, file));
}

/** A recipe with its paths relative to the folder it is saved in, with `/` on every system. */
export function withRelativePaths(recipe: Recipe, folder: string): Recipe {
  return mapPaths(recipe, (file) => relativePath(folder, file));
}

/** `file` as seen from `folder`; absolute where another drive leaves no other way. */
export function relativePath(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

function mapPaths(recipe: Recipe, map: (file: string) => string): Recipe {
  const { model, output, mask, data, calibration } = recipe;
  return {
    ...recipe,
    ...(model === undefined ? {} : { model: map(model) }),
    ...(output === undefined ? {} : { output: map(output) }),
    ...(mask === undefined ? {} : { mask: map(mask) }),
    ...(data === undefined ? {} : { data: { ...data, file: map(data.file) } }),
    ...(calibration === undefined
      ? {}
      : { calibration: { ...calibration, file: map(calibration.file) } }),
  };
}
