import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** What every temporary folder's name begins with. */
export const TEMPORARY_PREFIX = '.secateur-';

/** What the names of folders with scores begin with. */
export const SCORES_PREFIX = `${TEMPORARY_PREFIX}scores-`;

/** A temporary folder of another machine or container is only removed when it is this old. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

/** Process numbers mean something on one machine (or in one container) only. */
const machine = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);

/** The beginning of the name of this process's own temporary folders. */
export function temporaryFolderPrefix(): string {
  return `${TEMPORARY_PREFIX}${machine}-${process.pid}-`;
}

/** The same for folders with scores. */
export function scoresFolderPrefix(): string {
  return `${SCORES_PREFIX}${machine}-${process.pid}-`;
}

/** Whether the process that made a temporary folder is gone, or must be. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const [, host, pid] =
    /^\.secateur-(?:scores-)?([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/.exec(path.basename(folder)) ?? [];
  if (host === undefined) return false;
  if (host === machine) return !isRunning(Number(pid));
  const changed = await stat(folder).catch(() => null);
  return changed !== null && Date.now() - changed.mtimeMs > FOREIGN_AGE_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
