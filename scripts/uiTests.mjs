// Runs test/ui in the browser-hosted VS Code, with the extension installed from its VSIX.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTypeScript } from './bundle.mjs';
import { bundleTests } from './bundleTests.mjs';
import { findBrowser } from './findBrowser.mjs';
import { root } from './install.mjs';
import { packageVsix } from './package.mjs';
import { runNodeTests } from './runNodeTests.mjs';
import { installVscodeHost } from './vscodeHost.mjs';

/**
 * Runs the tests whose path holds one of the filters: one server and one browser for all of them.
 * @returns how many tests passed and failed.
 */
export async function runUiTests(filters) {
  const files = await bundleTests(['ui'], filters);
  if (files.length === 0) throw new Error(`no UI test matches ${filters.join(' ')}`);
  const program = installVscodeHost();
  const browserPath = findBrowser();
  const vsix = await packageVsix();
  console.log(`VS Code: ${program.label} in ${browserPath}, with ${path.relative(root, vsix)}`);
  const stop = await startShared(program, browserPath, vsix);
  try {
    return await runNodeTests(files, { concurrency: 1, fileTimeoutMs: 300_000 });
  } finally {
    await stop();
  }
}

/** Starts what the test processes share and names it in their environment. @returns what stops it. */
async function startShared(program, browserPath, vsix) {
  const { startCodeServer } = await loadTypeScript('test/helpers/codeServer.ts');
  const { startBrowserServer } = await loadTypeScript('test/helpers/browser.ts');
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'secateur-'));
  const server = await startCodeServer({ program, dataFolder, vsix: [vsix] });
  const browser = await startBrowserServer(browserPath);
  process.env.SECATEUR_UI_ADDRESS = server.url;
  process.env.SECATEUR_UI_BROWSER = browser.wsEndpoint();
  process.env.SECATEUR_UI_DATA = dataFolder;
  return async () => {
    await browser.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
}
