import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { toIoError } from './ioError';
import { isAbandoned, scoresFolderPrefix, SCORES_PREFIX } from './temporaryFolders';

/** Where a file of scores lies for as long as it is needed. */
export interface ScoresFolder {
  readonly file: string;
  remove(): Promise<void>;
}

/** The folders of this process that are still there; they go with it however it ends, unless it is killed. */
const present = new Set<string>();

let isPrepared = false;

/** A folder of this process among the system's temporary files, readable by its user alone. @throws IoError. */
export async function makeScoresFolder(): Promise<ScoresFolder> {
  await prepare();
  const name = `${scoresFolderPrefix()}${randomBytes(4).toString('hex')}`;
  const folder = path.join(os.tmpdir(), name);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    throw toIoError(error, `making a folder in ${os.tmpdir()}`);
  }
  present.add(folder);
  return {
    file: path.join(folder, 'scores.npz'),
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      present.delete(folder);
    },
  };
}

/** Clears away what killed processes left, once a process. */
async function prepare(): Promise<void> {
  if (isPrepared) return;
  isPrepared = true;
  process.once('exit', removePresent);
  await removeAbandonedScores(os.tmpdir());
}

/** An exiting process does nothing but what is synchronous. */
function removePresent(): void {
  for (const folder of present) rmSync(folder, { recursive: true, force: true });
}

/**
 * Clears away the scores that killed processes left. What cannot be looked at or removed (somebody else's,
 * in a shared folder) stays: it is in nobody's way.
 */
export async function removeAbandonedScores(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(SCORES_PREFIX))) {
    const folder = path.join(parent, name);
    if (await isAbandoned(folder)) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
