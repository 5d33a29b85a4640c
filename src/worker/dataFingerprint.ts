import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataRecipe } from '../core/recipe/recipe';
import { fileState } from './fileState';
import { MAX_DATA_ENTRIES } from './limits';

/**
 * The state of the files that data is read from: their sizes and times of change. Of a folder, those of the
 * files and folders in it; a folder changes with its list of files, so that pictures in folders of classes need not
 * be looked at one by one. What is not there counts as absent.
 */
export async function dataFingerprint({
  file,
  inputs = [],
  labels = [],
}: DataRecipe): Promise<string> {
  const beside = [...inputs, ...(typeof labels === 'string' ? [labels] : labels)];
  const files = beside.map((name) => path.resolve(path.dirname(file), name));
  const states = await Promise.all([file, ...files, ...(await entriesOf(file))].map(fileState));
  return states.join('|');
}

async function entriesOf(file: string): Promise<readonly string[]> {
  // A file is no folder, and what cannot be listed cannot be read either: then reading it says so.
  const names = await readdir(file).catch(() => []);
  return names.slice(0, MAX_DATA_ENTRIES).map((name) => path.join(file, name));
}
