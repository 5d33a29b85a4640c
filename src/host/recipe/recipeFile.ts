import path from 'node:path';
import * as vscode from 'vscode';
import { parseJson } from '../../core/formats/parseJson';
import { parseRecipe } from '../../core/recipe/parseRecipe';
import type { Recipe } from '../../core/recipe/recipe';
import { modelName } from '../model/outputPlace';
import { withAbsolutePaths, withRelativePaths } from './recipePaths';
import { recipeText } from './recipeText';

export const RECIPE_ENDING = '.prune.json';

/**
 * The recipe of a file, its paths made absolute.
 * @throws FormatError when it is no JSON; UsageError when it is no recipe; FileSystemError.
 */
export async function readRecipeFile(uri: vscode.Uri): Promise<Recipe> {
  const name = path.basename(uri.fsPath);
  const bytes = await vscode.workspace.fs.readFile(uri);
  const recipe = parseRecipe(parseJson(bytes, { format: 'recipe', place: name }), name);
  return withAbsolutePaths(recipe, path.dirname(uri.fsPath));
}

/** Writes a recipe with paths relative to its file. */
export async function writeRecipeFile(uri: vscode.Uri, recipe: Recipe): Promise<void> {
  const text = recipeText(withRelativePaths(recipe, path.dirname(uri.fsPath)));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Where the recipe of a model is saved unless the user chooses otherwise. */
export function recipePathOf(modelPath: string): string {
  const stem = path.parse(modelName(modelPath)).name;
  return path.join(path.dirname(modelPath), `${stem}${RECIPE_ENDING}`);
}
