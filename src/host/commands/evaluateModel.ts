import path from 'node:path';
import * as vscode from 'vscode';
import type { DataRecipe, Recipe } from '../../core/recipe/recipe';
import { findNearbyData } from '../model/dataFinder';
import { modelName } from '../model/outputPlace';
import { DATA_DIALOG_ENDINGS, dataOfChosenFile } from '../model/rankData';
import { startingRecipe } from '../model/startingRecipe';
import { architectureOf, defaultRecipe } from '../recipe/recipeEdits';
import type { Services } from '../services';
import { evaluationSentence } from '../text/evaluationSentence';
import { pickFile } from './pickFile';
import { modelOrPick } from './pickModel';
import { withProgress } from './withProgress';

/** *Evaluate Model…*: asks for a model and data, and tells what the model does on them. */
export async function evaluateModel(
  uri: vscode.Uri | undefined,
  services: Services,
): Promise<void> {
  const { client, memory } = services;
  const modelPath = await modelOrPick(uri, vscode.l10n.t('Evaluate Model'), memory);
  if (modelPath === null) return;
  const { recipe } = await startingRecipe(modelPath, defaultRecipe('global', 0), services);
  const data = await pickData(modelPath, recipe, services);
  if (data === null) return;
  const name = modelName(modelPath);
  const { before } = await withProgress(vscode.l10n.t('Evaluating {0}', name), (watch) =>
    client.evaluate({ path: modelPath, recipe, data, planned: false }, watch),
  );
  await memory.setDataOf(modelPath, data);
  if (before === null) return;
  const sentence = evaluationSentence(name, path.basename(data.file), before);
  services.log.info(sentence);
  const openPanel = vscode.l10n.t('Prune Model…');
  const chosen = await vscode.window.showInformationMessage(sentence, openPanel);
  if (chosen === openPanel) {
    await vscode.commands.executeCommand('secateur.pruneModel', vscode.Uri.file(modelPath));
  }
}

/** The data that the recipe has comes first; another file is taken the way the worker guesses. */
async function pickData(
  modelPath: string,
  recipe: Recipe,
  { client, memory }: Services,
): Promise<DataRecipe | null> {
  const known = recipe.data;
  const choices = await findNearbyData(modelPath, memory);
  const nearby = choices.map((choice) => choice.path);
  const picked = await pickFile({
    title: vscode.l10n.t('Evaluate {0}', modelName(modelPath)),
    placeholder: vscode.l10n.t('Choose the data'),
    files: known ? [known.file, ...nearby.filter((other) => other !== known.file)] : nearby,
    extensions: DATA_DIALOG_ENDINGS,
    dialogFolder: vscode.Uri.file(path.dirname(modelPath)),
  });
  if (picked === null) return null;
  const file = dataOfChosenFile(picked);
  await memory.use('data', file);
  if (file === known?.file) return known;
  const params = { path: file, modelPath, ...architectureOf(recipe) };
  return (await client.describeData(params)).suggestion;
}
