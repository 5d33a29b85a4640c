import path from 'node:path';
import * as vscode from 'vscode';
import { SecateurError } from '../../core/errors';
import type { Recipe } from '../../core/recipe/recipe';
import { isIndexFile } from '../model/outputPlace';
import { readRecipeFile, RECIPE_ENDING } from './recipeFile';

/** The recipe in a `*.prune.json` beside a model that names the model; null where there is none. */
export async function findRecipeOf(
  modelPath: string,
  log: vscode.LogOutputChannel,
): Promise<{ readonly recipe: Recipe; readonly file: string } | null> {
  for (const folder of foldersBeside(modelPath)) {
    for (const file of await recipeFilesIn(folder)) {
      const recipe = await readIfRecipe(file, log);
      const isOurs = recipe?.model === modelPath || recipe?.model === path.dirname(modelPath);
      if (recipe !== null && isOurs) return { recipe, file: file.fsPath };
    }
  }
  return null;
}

/** Beside a model kept in several files is also beside its folder. */
function foldersBeside(modelPath: string): readonly string[] {
  const folder = path.dirname(modelPath);
  return isIndexFile(modelPath) ? [folder, path.dirname(folder)] : [folder];
}

async function recipeFilesIn(folder: string): Promise<readonly vscode.Uri[]> {
  const uri = vscode.Uri.file(folder);
  const entries = await vscode.workspace.fs.readDirectory(uri);
  const names = entries.map(([name]) => name).filter((name) => name.endsWith(RECIPE_ENDING));
  return names.sort().map((name) => vscode.Uri.joinPath(uri, name));
}

/** A recipe that cannot be read is not this model's; why stands in the log. */
async function readIfRecipe(uri: vscode.Uri, log: vscode.LogOutputChannel): Promise<Recipe | null> {
  try {
    return await readRecipeFile(uri);
  } catch (error) {
    if (!(error instanceof SecateurError || error instanceof vscode.FileSystemError)) throw error;
    log.warn(`${uri.fsPath}: ${error.message}`);
    return null;
  }
}
