import path from 'node:path';
import * as vscode from 'vscode';
import { isIndexFile } from './outputPlace';

/** Tells when a model's files change on disk or go; for a model in several files, any of them. */
export function watchModelFiles(modelPath: string, onChange: () => void): vscode.Disposable {
  const folder = vscode.Uri.file(path.dirname(modelPath));
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, namesOf(modelPath)),
    true,
  );
  watcher.onDidChange(onChange);
  watcher.onDidDelete(onChange);
  return watcher;
}

/** Shards lie beside their index, as recipes may; ONNX keeps large weights in files named after the model. */
function namesOf(modelPath: string): string {
  const name = escapeGlob(path.basename(modelPath));
  if (isIndexFile(modelPath)) return `{${name},*.bin,*.safetensors,*.h5}`;
  return path.extname(modelPath).toLowerCase() === '.onnx' ? `{${name},${name}?*,*.data}` : name;
}

/** A file's name as a pattern that matches it alone; characters with a meaning match as any one. */
export function escapeGlob(name: string): string {
  return name.replace(/[*?[\]{}]/gu, '?');
}
