// Installs packages where they are missing or older than the lock file says. Node built-ins only:
// this is what runs first on a fresh clone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder, absolute. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Runs `npm ci` in `folder` unless what is installed there is what its lock file names.
 * @returns whether anything was installed.
 */
export function installIfStale(folder, options = []) {
  if (isInstalled(folder)) return false;
  console.log(`> npm ci (${path.relative(root, folder) || 'project'})`);
  runNpm(folder, ['ci', '--no-audit', '--no-fund', ...options]);
  return true;
}

/** Runs npm in `folder`. @throws Error when it fails; its own output says why. */
export function runNpm(folder, args) {
  const { status, error } = spawnSync('npm', args, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${folder} (exit code ${status})`);
}

/** Compares the lock file with npm's own record of what it installed. */
function isInstalled(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const present = packagesOf(path.join(folder, 'node_modules/.package-lock.json'));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    // Packages of other platforms are optional, and the root entry is not installed.
    if (place === '' || entry.optional) return true;
    return present[place]?.version === entry.version;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
