import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../core/errors';
import type { Report } from '../../core/report/report';
import type { Recipe } from '../../core/recipe/recipe';
import { chooseOutput } from '../model/chooseOutput';
import type { OutputChoice } from '../model/chooseOutput';
import { modelName, outputPlace, placeAt } from '../model/outputPlace';
import { prune } from '../model/prune';
import type { PrunePanels, RecipeRun } from '../panel/prunePanels';
import { readRecipeFile, RECIPE_ENDING } from '../recipe/recipeFile';
import type { Services } from '../services';
import { reportSentence } from '../text/evaluationSentence';
import { pickFile, workspaceFiles } from './pickFile';
import { withProgress } from './withProgress';

/** *Run Recipe*: does what a `*.prune.json` says and offers the result. */
export async function runRecipe(
  uri: vscode.Uri | undefined,
  services: Services,
  panels: PrunePanels,
): Promise<void> {
  const file = uri?.fsPath ?? (await pickRecipe(services));
  if (file === null) return;
  await services.memory.use('recipe', file);
  const recipe = await readRecipeFile(vscode.Uri.file(file));
  const modelPath = modelOfRecipe(recipe, file);
  const named = recipe.output;
  const place = named === undefined ? outputPlace(modelPath) : placeAt(named, modelPath);
  const choice = await chooseOutput(place);
  if (choice === null) return;
  const report = await run(recipe, modelPath, choice, services);
  await offer(report, { recipe, file, modelPath, choice }, panels);
}

/** Recipes of the workspace: the one in the editor first, then those that were run before. */
async function pickRecipe({ memory }: Services): Promise<string | null> {
  const inEditor = vscode.window.activeTextEditor?.document.uri.fsPath;
  const used = memory.recent('recipe');
  const isRecipe = inEditor?.endsWith(RECIPE_ENDING) === true;
  return pickFile({
    title: vscode.l10n.t('Run Recipe'),
    placeholder: vscode.l10n.t('Choose a recipe'),
    files: await workspaceFiles(`**/*${RECIPE_ENDING}`, isRecipe ? [inEditor, ...used] : used),
    extensions: ['json'],
    dialogFolder: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
}

function modelOfRecipe({ model }: Recipe, file: string): string {
  if (model !== undefined) return model;
  throw new UsageError(vscode.l10n.t('{0} names no model.', path.basename(file)));
}

function run(
  recipe: Recipe,
  modelPath: string,
  choice: OutputChoice,
  services: Services,
): Thenable<Report> {
  const title = vscode.l10n.t('Pruning {0}', modelName(modelPath));
  return withProgress(title, (watch) =>
    prune(services, { path: modelPath, recipe, ...choice }, watch),
  );
}

interface Ran extends RecipeRun {
  readonly choice: OutputChoice;
}

async function offer(report: Report, ran: Ran, panels: PrunePanels): Promise<void> {
  const { choice } = ran;
  const open = vscode.l10n.t('Open');
  const showInPanel = vscode.l10n.t('Show in Panel');
  const sentence = reportSentence(choice.place.name, report);
  const chosen = await vscode.window.showInformationMessage(sentence, open, showInPanel);
  if (chosen === open) {
    await vscode.commands.executeCommand(
      'secateur.inspectModel',
      vscode.Uri.file(choice.place.path),
    );
  } else if (chosen === showInPanel) await panels.showResult(ran, report, choice.place);
}
