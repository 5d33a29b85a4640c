import path from 'node:path';
import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import { chooseOutput } from '../model/chooseOutput';
import { DATA_DIALOG_ENDINGS, dataOfChosenFile } from '../model/rankData';
import type { ModelSession } from '../model/modelSession';
import { outputPlace } from '../model/outputPlace';
import { commandFor } from '../model/pruneResult';
import { architectureOf, withMask } from '../recipe/recipeEdits';
import { writeRecipeFile } from '../recipe/recipeFile';
import type { RecipeOwner } from '../recipe/recipeOwner';
import { withRelativePaths } from '../recipe/recipePaths';
import { recipeText } from '../recipe/recipeText';
import { optionsSuffice } from '../recipe/shellCommand';
import type { Services } from '../services';

/** What a panel's buttons do beyond the model itself: questions, files, editors, the clipboard. */
export class PanelActions {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Lets the user choose a data file anywhere. @returns whether there is data now. */
  async browseData(model: ModelSession): Promise<void> {
    const [file] = (await vscode.window.showOpenDialog(dataDialog(model.path))) ?? [];
    if (file !== undefined) await model.data.choose(dataOfChosenFile(file.fsPath));
  }

  /** Lets the user choose the npz that says what stays. */
  async browseMask(model: ModelSession): Promise<void> {
    const [file] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Choose Mask'),
        openLabel: vscode.l10n.t('Choose'),
        defaultUri: vscode.Uri.file(path.dirname(model.path)),
        filters: { [vscode.l10n.t('NumPy Archive')]: ['npz'] },
      })) ?? [];
    if (file !== undefined) model.changeRecipe(withMask(model.recipe, file.fsPath));
  }

  /** Lets the user choose data of its own to score on; it is taken the way the worker guesses. */
  async browseCalibration(model: ModelSession): Promise<void> {
    const [file] = (await vscode.window.showOpenDialog(dataDialog(model.path))) ?? [];
    if (file === undefined) return;
    const { suggestion } = await this.#services.client.describeData({
      path: dataOfChosenFile(file.fsPath),
      modelPath: model.path,
      ...architectureOf(model.recipe),
    });
    model.changeRecipe({ ...model.recipe, calibration: suggestion });
  }

  /** Evaluates, and asks for data first where there is none. */
  async evaluate(model: ModelSession): Promise<void> {
    if (model.recipe.data === undefined) await this.browseData(model);
    await model.evaluate();
  }

  /** Prunes into a file beside the original; asks what to do when that is there already. */
  async prune(model: ModelSession): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      await vscode.commands.executeCommand('workbench.trust.manage');
      return;
    }
    const choice = await chooseOutput(outputPlace(model.path));
    if (choice === null) return;
    await this.#services.memory.use('model', model.path);
    await model.prune(choice.place, choice.replace);
  }

  /** Saves the recipe where the user says. @returns the file, or null when the user did not say. */
  async saveRecipe(model: RecipeOwner): Promise<string | null> {
    const uri = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save Recipe'),
      defaultUri: vscode.Uri.file(model.recipeFile),
      // Not the whole ending: VS Code's own dialog compares the last part, and would add it again.
      filters: { [vscode.l10n.t('Secateur Recipe')]: ['json'] },
    });
    if (uri === undefined) return null;
    await writeRecipeFile(uri, fullRecipe(model));
    await this.#services.memory.use('recipe', uri.fsPath);
    model.recipeFile = uri.fsPath;
    return uri.fsPath;
  }

  /** Shows the recipe as the text that would be saved. */
  async showRecipe(model: ModelSession): Promise<void> {
    const folder = path.dirname(model.recipeFile);
    const content = recipeText(withRelativePaths(fullRecipe(model), folder));
    const document = await vscode.workspace.openTextDocument({ language: 'json', content });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  }

  /** Shows the written model in the inspector. */
  async openResult(model: ModelSession): Promise<void> {
    const output = model.state.result?.result.report.output;
    if (output === undefined) return;
    await vscode.commands.executeCommand('secateur.inspectModel', vscode.Uri.file(output));
  }

  /** Writes the written model again, without its zeros. */
  async exportPacked(model: ModelSession): Promise<void> {
    const output = model.state.result?.result.report.output;
    if (output === undefined) return;
    await vscode.commands.executeCommand('secateur.exportPacked', vscode.Uri.file(output));
  }

  /** Copies the shell command for the same bytes; saves the recipe first where it needs one. */
  async copyCommand(model: ModelSession): Promise<void> {
    const { recipe } = model;
    if (!optionsSuffice(recipe)) {
      if ((await this.saveRecipe(model)) === null) return;
    }
    await vscode.env.clipboard.writeText(commandFor(model, model.outputPlace));
  }
}

function dataDialog(modelPath: string): vscode.OpenDialogOptions {
  return {
    title: vscode.l10n.t('Choose Data'),
    openLabel: vscode.l10n.t('Choose'),
    defaultUri: vscode.Uri.file(path.dirname(modelPath)),
    filters: {
      [vscode.l10n.t('Data')]: [...DATA_DIALOG_ENDINGS],
      [vscode.l10n.t('All Files')]: ['*'],
    },
  };
}

/** The recipe with what only its surroundings say: the model and the output. */
function fullRecipe(model: RecipeOwner): Recipe {
  const output = outputPlace(model.path).path;
  return { ...model.recipe, model: model.path, output: model.recipe.output ?? output };
}
