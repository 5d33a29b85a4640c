import * as vscode from 'vscode';
import { modelName } from '../model/outputPlace';
import type { Memory } from '../memory';
import { MODEL_DIALOG_EXTENSIONS, MODEL_GLOB, modelPathOf } from './modelFiles';
import { pickFile, workspaceFiles } from './pickFile';

/** The model of the Explorer's context menu, else the one the user picks; null when none is. */
export async function modelOrPick(
  uri: vscode.Uri | undefined,
  title: string,
  memory: Memory,
): Promise<string | null> {
  const path = uri === undefined ? await pickModel(title, memory) : await modelPathOf(uri);
  if (path !== null) await memory.use('model', path);
  return path;
}

async function pickModel(title: string, memory: Memory): Promise<string | null> {
  return pickFile({
    title,
    placeholder: vscode.l10n.t('Choose a model'),
    files: await workspaceFiles(MODEL_GLOB, memory.recent('model')),
    nameOf: modelName,
    extensions: MODEL_DIALOG_EXTENSIONS,
    dialogFolder: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
}
