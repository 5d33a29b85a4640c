import path from 'node:path';
import { build } from 'esbuild';
import type { TestContext } from 'node:test';
import { projectRoot, temporaryFolder } from './fixtures';

/**
 * Bundles a process entry the way the extension's own are, into a folder of its own.
 * @param source relative to the project
 * @returns the bundle, absolute; it is gone when the test ends
 */
export async function bundleEntry(t: TestContext, source: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.js`);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return outfile;
}
