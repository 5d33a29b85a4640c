import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataRecipe } from '../core/recipe/recipe';
import { MAX_DATA_FOLDERS } from './limits';

/**
 * The state of the files that data is read from: their sizes and times of change. Of a folder, those of the
 * folders in it, which change with their lists of files. What is not there counts as absent.
 */
export async function dataFingerprint({
  file,
  inputs = [],
  labels = [],
}: DataRecipe): Promise<string> {
  const beside = [...inputs, ...(typeof labels === 'string' ? [labels] : labels)];
  const files = beside.map((name) => path.resolve(path.dirname(file), name));
  const folders = await foldersIn(file);
  const states = await Promise.all([file, ...files, ...folders].map(stateOf));
  return states.join('|');
}

async function foldersIn(file: string): Promise<readonly string[]> {
  // A file is no folder, and what cannot be listed cannot be read either: then reading it says so.
  const entries = await readdir(file, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).slice(0, MAX_DATA_FOLDERS);
  return folders.map(({ name }) => path.join(file, name));
}

async function stateOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? '' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}
