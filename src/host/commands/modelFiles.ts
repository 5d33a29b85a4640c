import path from 'node:path';
import * as vscode from 'vscode';
import { fileExists } from '../model/fileExists';

const MODEL_EXTENSIONS: readonly string[] = ['.safetensors', '.npz', '.npy'];
const INDEX_FILE = 'model.json';

/** What `findFiles` takes to find models. */
export const MODEL_GLOB = '**/{*.safetensors,*.npz,*.npy,model.json}';

/** For an open dialog. */
export const MODEL_DIALOG_EXTENSIONS: readonly string[] = ['safetensors', 'npz', 'npy', 'json'];

/** Whether a file is a model by its name. */
export function isModelFile(file: string): boolean {
  const extension = path.extname(file).toLowerCase();
  return MODEL_EXTENSIONS.includes(extension) || path.basename(file) === INDEX_FILE;
}

/** The model that a file or folder of the Explorer stands for: a folder for the index file in it. */
export async function modelPathOf(uri: vscode.Uri): Promise<string> {
  const index = vscode.Uri.joinPath(uri, INDEX_FILE);
  return !isModelFile(uri.fsPath) && (await fileExists(index)) ? index.fsPath : uri.fsPath;
}
