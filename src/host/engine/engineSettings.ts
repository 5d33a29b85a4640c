import path from 'node:path';
import * as vscode from 'vscode';
import type { EnginePreference, EngineWish } from '../../core/graph/engineChoice';
import { NATIVE_VERSION } from '../../core/graph/nativePackage';

/** Where *Install Native Engine* puts the package; another version gets another folder. */
export function nativeStorage(context: vscode.ExtensionContext): string {
  return path.join(context.globalStorageUri.fsPath, `tfjs-node-${NATIVE_VERSION}`);
}

/** The engine that the settings ask for. */
export function enginePreference(): EnginePreference {
  return vscode.workspace.getConfiguration('secateur').get<EnginePreference>('engine') ?? 'auto';
}

/** What the settings ask for, and every place where the native engine may be. */
export function engineWish(context: vscode.ExtensionContext): EngineWish {
  const settings = vscode.workspace.getConfiguration('secateur');
  return {
    preference: enginePreference(),
    nativeFolders: [
      ...namedFolder(settings.get<string>('tfjsNode.path') ?? ''),
      nativeStorage(context),
      context.extensionPath,
      ...workspaceFolders(),
    ],
  };
}

/** Whether a change of settings may change {@link engineWish}. */
export function affectsEngine(event: vscode.ConfigurationChangeEvent): boolean {
  return (
    event.affectsConfiguration('secateur.engine') || event.affectsConfiguration('secateur.tfjsNode')
  );
}

function namedFolder(folder: string): readonly string[] {
  return folder.trim() === '' ? [] : [path.resolve(folder.trim())];
}

/** A package of the workspace is code of the workspace: it runs only where that is trusted. */
function workspaceFolders(): readonly string[] {
  if (!vscode.workspace.isTrusted) return [];
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}
