import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { TestContext } from 'node:test';
import { nodeBundle } from '../../scripts/nodeBundle.mjs';
import { projectRoot } from './fixtures';

/**
 * Bundles a process entry the way the extension's own are, into a folder of its own.
 * @param source relative to the project
 * @returns the bundle, absolute; it is gone when the test ends
 */
export async function bundleEntry(t: TestContext, source: string): Promise<string> {
  const name = path.basename(source, '.ts');
  const folder = await bundleEntries(t, { [name]: source });
  return path.join(folder, `${name}.js`);
}

/**
 * Bundles several entries side by side, as they lie in the extension.
 * @param sources by the name of the bundle, relative to the project
 * @returns the folder, absolute; below the project, so that packages are found from there
 */
export async function bundleEntries(
  t: TestContext,
  sources: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(path.join(projectRoot, 'out', 'processes-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await build({
    ...nodeBundle,
    absWorkingDir: projectRoot,
    entryPoints: { ...sources },
    outdir: folder,
  });
  return folder;
}
