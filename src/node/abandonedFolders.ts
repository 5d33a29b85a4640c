import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { recoverAbandonedMove } from './recoverMoves';
import { isAbandoned, TEMPORARY_PREFIX } from './temporaryFolders';

/**
 * Clears away the temporary folders that processes left behind when they were killed; a set that one of
 * them was moving into place is made whole first. What cannot be looked at or removed (somebody else's,
 * in a shared folder) stays: it is in nobody's way.
 */
export async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(TEMPORARY_PREFIX))) {
    const folder = path.join(parent, name);
    if (!(await isAbandoned(folder))) continue;
    // A set that cannot be made whole keeps its folder: the new files are in it.
    await recoverAbandonedMove(folder)
      .then(() => rm(folder, { recursive: true, force: true }))
      .catch(() => undefined);
  }
}
