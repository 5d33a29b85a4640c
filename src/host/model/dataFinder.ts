import path from 'node:path';
import * as vscode from 'vscode';
import type { DataChoice } from '../../protocol/hostWebview';
import type { Memory } from '../memory';
import { relativePath } from '../recipe/recipePaths';
import { fileExists } from './fileExists';
import { isDataFile, isDataFolder, rankData } from './rankData';

/** A list that is longer helps nobody; the user can browse. */
const CHOICE_LIMIT = 30;

/**
 * Data files that lie near a model: beside it, in the folder above, in folders there that are
 * named for data, and what was used before in this workspace.
 */
export async function findNearbyData(
  modelPath: string,
  memory: Memory,
): Promise<readonly DataChoice[]> {
  const folder = path.dirname(modelPath);
  const found = await Promise.all([folder, path.dirname(folder)].map(dataFilesAround));
  const used = await existing(memory.recent('data'));
  const ranked = rankData(modelPath, [...used, ...found.flat()], used);
  return ranked.slice(0, CHOICE_LIMIT).map((file) => ({
    path: file,
    label: relativePath(folder, file),
  }));
}

async function dataFilesAround(folder: string): Promise<readonly string[]> {
  const entries = await listFolder(folder);
  const below = entries
    .filter(([name, type]) => type === vscode.FileType.Directory && isDataFolder(name))
    .map(([name]) => dataFilesIn(path.join(folder, name)));
  return [...filesOf(folder, entries), ...(await Promise.all(below)).flat()];
}

async function dataFilesIn(folder: string): Promise<readonly string[]> {
  return filesOf(folder, await listFolder(folder));
}

function filesOf(folder: string, entries: readonly [string, vscode.FileType][]): string[] {
  return entries
    .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && isDataFile(name))
    .map(([name]) => path.join(folder, name));
}

/** A folder that cannot be read offers nothing; that is no failure of the search. */
async function listFolder(folder: string): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}

async function existing(files: readonly string[]): Promise<readonly string[]> {
  const present = await Promise.all(files.map((file) => fileExists(vscode.Uri.file(file))));
  return files.filter((_file, index) => present[index]);
}
