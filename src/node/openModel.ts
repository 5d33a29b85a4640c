import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../core/errors';
import { readModel } from '../core/formats/registry';
import { applyArchitecture } from '../core/graph/architecture';
import { borrowGraph } from '../core/graph/borrowGraph';
import { lockUnwritableLayers } from '../core/model/lockUnwritableLayers';
import type { Model } from '../core/model/model';
import type { OpenedModel } from '../core/recipe/pipeline';
import type { Architecture, BorrowedArchitecture } from '../core/recipe/recipe';
import type { FileSource } from './fileSource';
import { compression } from './compression';
import { errorCode, toIoError } from './ioError';
import { ModelFolder } from './modelFolder';
import { recoverMovesInto } from './recoverMoves';

/** A model opened from disk, with the files it keeps open. */
export interface OpenedModelFile extends OpenedModel {
  /** Absolute path of the main file. */
  readonly path: string;
  readonly sources: readonly FileSource[];
}

/**
 * Opens a model by its file, or by the folder or index file of one kept in several files. Headers
 * are read, weights are not.
 * @throws FormatError, UnsupportedError, UsageError (a bad architecture), IoError.
 */
export async function openModelFile(
  file: string,
  options: { readonly architecture?: Architecture | null } = {},
): Promise<OpenedModelFile> {
  const named = path.resolve(file);
  // Another process may have been killed while it was replacing the files of this very model.
  await recoverMovesInto((await isFolder(named)) ? named : path.dirname(named));
  const mainPath = await findMainFile(named);
  const folder = await ModelFolder.open(mainPath);
  try {
    const read = await readModel(folder, compression);
    const beside = path.dirname(mainPath);
    const model = await withArchitecture(read, options.architecture ?? null, beside);
    return { path: mainPath, model, sources: folder.sources, close: () => folder.close() };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** The recipe's architecture gives a file of weights its graph; a file that has one keeps its own. */
async function withArchitecture(
  model: Model,
  architecture: Architecture | null,
  folder: string,
): Promise<Model> {
  if (architecture === null || model.graph !== undefined) return model;
  const made =
    'graphOf' in architecture
      ? await borrowFrom(architecture, model, folder)
      : applyArchitecture(architecture, model.tensors);
  return lockUnwritableLayers({ ...model, ...made });
}

/** Opens the other file for its graph alone. */
async function borrowFrom(
  architecture: BorrowedArchitecture,
  model: Model,
  folder: string,
): Promise<ReturnType<typeof borrowGraph>> {
  const other = await openModelFile(path.resolve(folder, architecture.graphOf));
  try {
    return borrowGraph(architecture, other.model, model.tensors);
  } finally {
    await other.close();
  }
}

/** The index file of a folder, or the file itself. */
async function findMainFile(file: string): Promise<string> {
  if (!(await isFolder(file))) return file;
  const names = (await readdir(file)).sort();
  const index = names.find(
    (name) =>
      name === 'model.json' ||
      name === 'weights_manifest.json' ||
      name.endsWith('.safetensors.index.json') ||
      name.endsWith('.weights.json'),
  );
  if (index !== undefined) return path.join(file, index);
  throw new FormatError({
    format: 'file',
    place: path.basename(file),
    found: `a folder without model.json, *.safetensors.index.json or *.weights.json (${names.slice(0, 5).join(', ')})`,
    allowed: 'a model file, or the folder of a model kept in several files',
  });
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    // A file that is not there is reported where it is opened.
    if (errorCode(error) === 'ENOENT') return false;
    throw toIoError(error, `opening ${file}`);
  }
}
