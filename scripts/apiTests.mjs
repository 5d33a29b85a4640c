// Runs test/vscode/suite inside the extension host of a real VS Code.
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle, bundledPath, loadTypeScript } from './bundle.mjs';
import { bundleTests } from './bundleTests.mjs';
import { findBrowser } from './findBrowser.mjs';
import { root } from './install.mjs';
import { installVscodeHost } from './vscodeHost.mjs';

const standIn = 'test/helpers/codeStandIn.ts';

/** Runs the suites whose path holds one of the filters. @returns how many tests passed and failed. */
export async function runApiTests(filters) {
  const suites = await bundleTests(['vscode/suite'], filters);
  if (suites.length === 0) throw new Error(`no API test matches ${filters.join(' ')}`);
  await bundle(['test/vscode/runSuites.ts', standIn]);
  const { executable, label } = chooseVscode();
  console.log(`VS Code: ${label}`);
  const countsFile = path.join(root, 'out/test/vscode/counts.json');
  rmSync(countsFile, { force: true });
  process.env.SECATEUR_ROOT = root;
  const { launch } = await loadTypeScript('test/vscode/launch.ts');
  const failure = await launch({ executable, suites, countsFile }).then(
    () => null,
    (error) => error,
  );
  return readCounts(countsFile, failure);
}

/** The user's own VS Code, else a downloaded one where that is allowed, else the stand-in. */
function chooseVscode() {
  const named = process.env.VSCODE_PATH;
  if (named) return { executable: named, label: `${named} (VSCODE_PATH)` };
  if (process.env.SECATEUR_VSCODE_DOWNLOAD === '1') {
    return { label: 'desktop VS Code, downloaded by @vscode/test-electron' };
  }
  const { node, entry, label } = installVscodeHost();
  process.env.SECATEUR_HOST_NODE = node;
  process.env.SECATEUR_HOST_ENTRY = entry;
  process.env.CHROMIUM = findBrowser();
  const executable = bundledPath(standIn);
  chmodSync(executable, 0o755);
  return { executable, label: `${label} in Chromium` };
}

/** A VS Code that fails for any other reason than a failed test counts as one failure. */
function readCounts(countsFile, failure) {
  if (!existsSync(countsFile)) {
    throw new Error('VS Code ended without running the tests', { cause: failure });
  }
  const { passed, failed } = JSON.parse(readFileSync(countsFile, 'utf8'));
  return { passed, failed: failure !== null && failed === 0 ? 1 : failed };
}
