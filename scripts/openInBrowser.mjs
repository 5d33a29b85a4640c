// Serves a folder in the browser-hosted VS Code, with the extension installed, until Ctrl-C.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTypeScript } from './bundle.mjs';
import { packageVsix } from './package.mjs';
import { installVscodeHost } from './vscodeHost.mjs';

/** Prints the address and stays until the process is told to end; then nothing is left running. */
export async function openInBrowser(folder, port) {
  const program = installVscodeHost();
  // From before the start: a server whose starter is killed by a signal would live on.
  const stopRequest = askedToStop();
  const vsix = await packageVsix();
  const { startCodeServer } = await loadTypeScript('test/helpers/codeServer.ts');
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'secateur-'));
  const server = await startCodeServer({ program, dataFolder, vsix: [vsix], port });
  const query = new URLSearchParams({ folder });
  console.log(`\nThe samples are open in ${program.label}. Open this address in a browser:`);
  console.log(`\n  ${server.url}/?${query}\n\nCtrl-C stops it.`);
  await stopRequest;
  await server.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

function askedToStop() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
}
