import * as vscode from 'vscode';
import { InspectorEditor } from '../inspector/inspectorEditor';
import type { Services } from '../services';
import { PICKLE_DIALOG_EXTENSIONS, PICKLE_GLOB } from './modelFiles';
import { pickFile, workspaceFiles } from './pickFile';

/** *Audit Pickle File*: shows in the inspector what loading a file with Python would run. */
export async function auditPickle(
  uri: vscode.Uri | undefined,
  { services, inspectors }: { readonly services: Services; readonly inspectors: InspectorEditor },
): Promise<void> {
  const given = uri ?? InspectorEditor.activeFile;
  const path = given === null ? await pickPickle(services) : given.fsPath;
  if (path !== null) await inspectors.showAudit(path);
}

async function pickPickle({ memory }: Services): Promise<string | null> {
  return pickFile({
    title: vscode.l10n.t('Audit Pickle File'),
    placeholder: vscode.l10n.t('Choose a file'),
    files: await workspaceFiles(PICKLE_GLOB, memory.recent('model')),
    extensions: PICKLE_DIALOG_EXTENSIONS,
    dialogFolder: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
}
