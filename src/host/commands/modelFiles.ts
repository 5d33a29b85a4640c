import path from 'node:path';
import * as vscode from 'vscode';
import { PICKLE_EXTENSIONS } from '../../core/report/pickleNames';

/** Endings of files that are models, whatever else they are called. */
const MODEL_EXTENSIONS: readonly string[] = [
  '.onnx',
  '.safetensors',
  '.npz',
  '.npy',
  '.pt',
  '.pth',
  '.ckpt',
  '.h5',
  '.hdf5',
  '.keras',
  '.pdparams',
  '.pdopt',
];

/** Endings that models share with other things: such files are models by choice only. */
const POSSIBLE_EXTENSIONS: readonly string[] = ['.bin', '.pkl'];

/** Index files of models kept in several files. */
const INDEX_ENDINGS: readonly string[] = ['.safetensors.index.json', '.weights.json'];

const TFJS_INDEX = 'model.json';

/** What `findFiles` takes to find models. */
export const MODEL_GLOB = `**/{${[
  ...MODEL_EXTENSIONS.map((extension) => `*${extension}`),
  ...INDEX_ENDINGS.map((ending) => `*${ending}`),
  'pytorch_model*.bin',
  TFJS_INDEX,
].join(',')}}`;

/** What `findFiles` takes to find files that may be pickles. */
export const PICKLE_GLOB = `**/{${PICKLE_EXTENSIONS.map((extension) => `*${extension}`).join(',')}}`;

/** For an open dialog. */
export const MODEL_DIALOG_EXTENSIONS: readonly string[] = [
  ...[...MODEL_EXTENSIONS, ...POSSIBLE_EXTENSIONS].map((extension) => extension.slice(1)),
  'json',
];

/** For an open dialog. */
export const PICKLE_DIALOG_EXTENSIONS: readonly string[] = PICKLE_EXTENSIONS.map((extension) =>
  extension.slice(1),
);

/** Whether a file is a model by its name. */
export function isModelFile(file: string): boolean {
  const name = path.basename(file).toLowerCase();
  const extension = path.extname(name);
  return (
    MODEL_EXTENSIONS.includes(extension) ||
    POSSIBLE_EXTENSIONS.includes(extension) ||
    INDEX_ENDINGS.some((ending) => name.endsWith(ending)) ||
    name === TFJS_INDEX
  );
}

/** Whether the inspector opens a file of this name only when it is asked to. */
export function isModelByChoice(file: string): boolean {
  return !MODEL_EXTENSIONS.includes(path.extname(file).toLowerCase());
}

/** What `findFiles` takes to find the index files of models kept in several files. */
export const INDEX_GLOB = `**/{${[TFJS_INDEX, ...INDEX_ENDINGS.map((ending) => `*${ending}`)].join(',')}}`;

/** The model that a file or folder of the Explorer stands for: a folder for the index file in it. */
export async function modelPathOf(uri: vscode.Uri): Promise<string> {
  if (isModelFile(uri.fsPath)) return uri.fsPath;
  const index = await indexIn(uri);
  return index === undefined ? uri.fsPath : vscode.Uri.joinPath(uri, index).fsPath;
}

/** The index file in a folder; undefined where there is none, or it is no folder at all. */
async function indexIn(folder: vscode.Uri): Promise<string | undefined> {
  try {
    const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
    const isIndex = (name: string): boolean => INDEX_ENDINGS.some((end) => name.endsWith(end));
    return names.includes(TFJS_INDEX) ? TFJS_INDEX : names.find(isIndex);
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
