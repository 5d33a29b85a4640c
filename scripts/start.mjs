// npm start: installs, builds and opens samples/ with the extension, in the desktop VS Code when
// `code` is on the PATH, else in one that runs in a browser.
//   --headless   prunes the samples through the command line instead and prints what came of it
//   --port N     where the browser-hosted VS Code listens; any free port when absent
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

const samples = path.join(root, 'samples');
const { values } = parseArgs({
  options: { headless: { type: 'boolean', default: false }, port: { type: 'string' } },
});

installIfStale(root);
runScript('build.mjs');
if (values.headless) {
  const { pruneSamples } = await import('./pruneSamples.mjs');
  pruneSamples(samples);
} else if (!openDesktop()) {
  const { openInBrowser } = await import('./openInBrowser.mjs');
  await openInBrowser(samples, values.port === undefined ? undefined : Number(values.port));
}

/** @returns whether there is a desktop VS Code, and it took the call. */
function openDesktop() {
  const { status, error } = spawnSync(
    'code',
    ['--new-window', `--extensionDevelopmentPath=${root}`, samples],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (error || status !== 0) return false;
  console.log('VS Code opens the samples with the extension.');
  return true;
}
