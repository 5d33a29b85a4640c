import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NATIVE_PACKAGE, NATIVE_VERSION } from '../../core/graph/nativePackage';
import { failureText } from './failureText';

/** A folder that holds the package, and why that cannot be used, if so. */
export interface FoundPackage {
  readonly folder: string;
  readonly problem: string | null;
}

/**
 * Looks for the native package in `node_modules` of the folders, in their order. Nothing of it is run.
 * @returns null where none has it.
 */
export async function findTfjsNode(folders: readonly string[]): Promise<FoundPackage | null> {
  for (const folder of folders) {
    const file = path.join(folder, 'node_modules', NATIVE_PACKAGE, 'package.json');
    const text = await readIfThere(file);
    if (text !== null) return { folder, problem: problemOf(text, file) };
  }
  return null;
}

function problemOf(text: string, file: string): string | null {
  try {
    const { version } = JSON.parse(text) as { readonly version?: unknown };
    if (version === NATIVE_VERSION) return null;
    return `${NATIVE_PACKAGE}: found version ${String(version)}; allowed: ${NATIVE_VERSION}`;
  } catch (error) {
    return `${file}: ${failureText(error)}`;
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Not there, or not for us: the next folder may have it.
    return null;
  }
}
