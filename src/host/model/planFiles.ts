import path from 'node:path';
import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import { scoresOnData } from '../../core/recipe/scoresOnData';
import { escapeGlob } from './fileWatch';

/** Changes of a file come in bursts while it is written. */
const SETTLE_MS = 300;

/** Tells when a file changes that a plan follows from, beside the model: its mask, or the data it is scored on. */
export class PlanFiles implements vscode.Disposable {
  readonly #onChange: () => void;
  #watched: readonly string[] = [];
  #watchers: readonly vscode.FileSystemWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** From now on the files of this recipe. */
  watch(recipe: Recipe): void {
    const files = filesOfPlan(recipe);
    if (files.join('\n') === this.#watched.join('\n')) return;
    this.#stop();
    this.#watched = files;
    this.#watchers = files.map((file) => this.#watchFile(file));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #watchFile(file: string): vscode.FileSystemWatcher {
    const folder = vscode.Uri.file(path.dirname(file));
    const pattern = new vscode.RelativePattern(folder, escapeGlob(path.basename(file)));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      event(() => this.#changed());
    }
    return watcher;
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MS);
  }

  #stop(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = [];
  }
}

/** Absolute; the model's own files are watched elsewhere. */
function filesOfPlan(recipe: Recipe): readonly string[] {
  const { mask, calibration, data } = recipe;
  const scored = scoresOnData(recipe) ? (calibration ?? data)?.file : undefined;
  return [mask, scored].filter((file) => file !== undefined);
}
