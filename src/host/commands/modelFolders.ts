import path from 'node:path';
import * as vscode from 'vscode';
import { INDEX_GLOB } from './modelFiles';

/**
 * Tells the Explorer which folders hold a model kept in several files, so that their context menu
 * can offer what a file's does. Only what this window has looked for is known.
 */
export class ModelFolders implements vscode.Disposable {
  readonly #folders = new Set<string>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher(INDEX_GLOB, false, true, false);

  constructor() {
    this.#watcher.onDidCreate((uri) => this.#update(uri, true));
    this.#watcher.onDidDelete((uri) => this.#update(uri, false));
  }

  async search(): Promise<void> {
    for (const uri of await vscode.workspace.findFiles(INDEX_GLOB, '**/node_modules/**', 1000)) {
      this.#folders.add(path.dirname(uri.fsPath));
    }
    this.#tell();
  }

  dispose(): void {
    this.#watcher.dispose();
  }

  #update(uri: vscode.Uri, present: boolean): void {
    const folder = path.dirname(uri.fsPath);
    if (present) this.#folders.add(folder);
    else this.#folders.delete(folder);
    this.#tell();
  }

  #tell(): void {
    const folders = Object.fromEntries([...this.#folders].map((folder) => [folder, true]));
    void vscode.commands.executeCommand('setContext', 'secateur.modelFolders', folders);
  }
}
