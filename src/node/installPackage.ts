import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { IoError } from '../core/errors';
import { throwIfCancelled } from '../core/progress';
import { errorCode, toIoError } from './ioError';

export interface PackageInstallation {
  /** What npm is to install, e.g. `name@1.2.3`. */
  readonly specifier: string;
  /** The package whose install script may run: it fetches the library. */
  readonly scriptsOf: string;
  /** Where it is to be, absolute; what is there now is replaced at the very end. */
  readonly folder: string;
  /**
   * Looks at what was installed, before it counts.
   * @throws to reject it: everything is removed again.
   */
  readonly check: (folder: string) => Promise<void>;
  /** Told each line that npm writes. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** npm's own words for a failure come first; what follows are paths of logs. */
const SHOWN_ERROR_LINES = 4;

/**
 * Installs a package with npm into a folder of its own. It is whole and checked, or it is not there: npm works
 * in a folder beside it, which is renamed at the end, and removed after a failure or a cancel.
 * @throws IoError with npm's reason; CancelledError; what the check throws.
 */
export async function installPackage(installation: PackageInstallation): Promise<void> {
  const { folder, check, signal } = installation;
  const staging = `${folder}.installing`;
  try {
    await makeStaging(staging, installation);
    await runNpm(staging, installation);
    await check(staging);
    throwIfCancelled(signal);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
    throw toIoError(error, `installing into ${folder}`);
  }
}

/** A project of its own, in which that one package may run its script whatever npm's policy is. */
async function makeStaging(staging: string, { scriptsOf }: PackageInstallation): Promise<void> {
  await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(staging, { recursive: true });
  const manifest = { private: true, allowScripts: { [scriptsOf]: true } };
  await writeFile(path.join(staging, 'package.json'), JSON.stringify(manifest));
}

async function runNpm(staging: string, installation: PackageInstallation): Promise<void> {
  const { specifier, onLine, signal } = installation;
  throwIfCancelled(signal);
  const child = startNpm(
    ['install', '--no-audit', '--no-fund', '--loglevel=error', specifier],
    staging,
  );
  const errors: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      onLine(line);
      const error = /^npm (?:error|ERR!) (.+)/.exec(line)?.[1];
      if (error !== undefined) errors.push(error);
    });
  }
  const stop = (): void => killTree(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await endOf(child);
    throwIfCancelled(signal);
    if (exitCode !== 0) throw npmFailure(exitCode, errors);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** On Windows npm is a script, which only a shell starts; no argument holds a space. */
function startNpm(args: readonly string[], cwd: string): ChildProcess {
  const isWindows = process.platform === 'win32';
  return spawn('npm', [...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows,
    // A group of its own, so that a cancel reaches what npm starts, too.
    detached: !isWindows,
  });
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new IoError('NPM', `npm could not be started: ${error.message}`, { cause: error }));
    });
    child.once('close', resolve);
  });
}

function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function npmFailure(exitCode: number | null, errors: readonly string[]): IoError {
  // An install script's own error stands among npm's words about the script.
  const thrown = errors.find((line) => /^\w*Error: /.test(line));
  const said = thrown ?? errors.slice(0, SHOWN_ERROR_LINES).join('; ');
  const reason = said === '' ? `exit code ${String(exitCode)}` : said;
  return new IoError('NPM', `npm failed: ${reason}`);
}
