import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { toIoError } from './ioError';
import { temporaryFolderPrefix } from './temporaryFolders';

/** Where a file of scores lies for as long as it is needed. */
export interface ScoresFolder {
  readonly file: string;
  remove(): Promise<void>;
}

/** A folder of this process among the system's temporary files. @throws IoError. */
export async function makeScoresFolder(): Promise<ScoresFolder> {
  const prefix = path.join(os.tmpdir(), temporaryFolderPrefix());
  try {
    const folder = await mkdtemp(prefix);
    return {
      file: path.join(folder, 'scores.npz'),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    throw toIoError(error, `making a folder in ${os.tmpdir()}`);
  }
}
