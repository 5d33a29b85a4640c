import * as vscode from 'vscode';

/** A folder as a person knows it: relative to the workspace, the workspace itself by its name. */
export function folderLabel(folder: string): string {
  const { workspaceFolders = [] } = vscode.workspace;
  const root = workspaceFolders.find(({ uri }) => uri.fsPath === folder);
  return root?.name ?? vscode.workspace.asRelativePath(folder);
}
