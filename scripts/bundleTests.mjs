// Bundles tests, each into a file of its own below out/test, where Node can run it.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { bundle, bundledPath } from './bundle.mjs';
import { root } from './install.mjs';

/**
 * Finds `*.test.ts` below the given folders of test/, keeps those whose path holds one of the
 * filters (all, when there is none), and bundles them.
 * @returns the bundles, as absolute paths.
 */
export async function bundleTests(folders, filters = []) {
  const sources = folders.flatMap(findTests).filter((source) => matches(source, filters));
  await bundle(sources);
  return sources.map(bundledPath);
}

function findTests(folder) {
  const base = path.join(root, 'test', folder);
  return listFiles(base)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.posix.join('test', folder, file.split(path.sep).join('/')))
    .sort();
}

function listFiles(base) {
  try {
    return readdirSync(base, { recursive: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function matches(source, filters) {
  return filters.length === 0 || filters.some((filter) => source.includes(filter));
}
