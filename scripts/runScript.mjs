// Runs another script of this folder in a process of its own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './install.mjs';

/** Waits for the script and shows its output. @throws Error when its exit code is not 0. */
export function runScript(name, args = []) {
  const script = path.join(root, 'scripts', name);
  const { status, signal } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`scripts/${name} failed (${signal ?? `exit code ${status}`})`);
}
