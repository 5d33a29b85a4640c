import path from 'node:path';
import type { DataRecipe, Recipe } from '../core/recipe/recipe';
import { openModelFile } from '../node/openModel';
import { type OptionValues, textOption } from './options';

/** All files that a command reads, none of which it may write over; absolute. */
export async function filesRead(
  values: OptionValues,
  recipe: Recipe,
  model: string,
): Promise<readonly string[]> {
  const opened = await openModelFile(model, { architecture: recipe.architecture ?? null });
  await opened.close();
  return [
    ...opened.sources.map((source) => source.path),
    ...filesBesideModel(values, recipe, model),
  ];
}

/** What a recipe names beside the model, and the recipe itself. */
function filesBesideModel(values: OptionValues, recipe: Recipe, model: string): readonly string[] {
  const { mask, data, calibration, architecture } = recipe;
  const file = textOption(values, 'recipe');
  const named = [file, mask].flatMap((one) => (one === undefined ? [] : path.resolve(one)));
  if (architecture !== undefined && 'graphOf' in architecture) {
    named.push(path.resolve(path.dirname(model), architecture.graphOf));
  }
  return [...named, ...dataFiles(data), ...dataFiles(calibration)];
}

/** Inputs and labels may be arrays of the file, or files beside it. */
function dataFiles(data: DataRecipe | undefined): readonly string[] {
  if (data === undefined) return [];
  const { file, inputs = [], labels = [] } = data;
  const beside = [...inputs, ...(typeof labels === 'string' ? [labels] : labels)];
  return [file, ...beside.map((name) => path.resolve(path.dirname(file), name))];
}
