import path from 'node:path';
import * as vscode from 'vscode';
import { isIndexFile } from './outputPlace';

/** Tells when a model's files change on disk or go; for a model in several files, any of them. */
export function watchModelFiles(modelPath: string, onChange: () => void): vscode.Disposable {
  const folder = vscode.Uri.file(path.dirname(modelPath));
  const names = isIndexFile(modelPath) ? '{*.json,*.bin}' : escapeGlob(path.basename(modelPath));
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, names),
    true,
  );
  watcher.onDidChange(onChange);
  watcher.onDidDelete(onChange);
  return watcher;
}

/** A file's name as a pattern that matches it alone; characters with a meaning match as any one. */
function escapeGlob(name: string): string {
  return name.replace(/[*?[\]{}]/gu, '?');
}
