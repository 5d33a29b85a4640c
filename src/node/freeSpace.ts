import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { IoError } from '../core/errors';
import { pathExists } from './pathExists';

/**
 * Makes sure that there is room before anything is written. What quotas forbid shows only when writing.
 * @param folder may be one that is still to be made
 * @throws IoError (ENOSPC) naming the bytes needed and free.
 */
export async function assertRoom(folder: string, neededBytes: number): Promise<void> {
  // Some network and virtual file systems do not tell, or tell zero blocks: then writing will show.
  const found = await statfs(await existingFolder(folder)).catch(() => null);
  if (found === null || found.blocks === 0) return;
  const freeBytes = found.bavail * found.bsize;
  if (neededBytes <= freeBytes) return;
  throw new IoError(
    'ENOSPC',
    `writing into ${folder} needs ${neededBytes} bytes, but only ${freeBytes} are free (ENOSPC). Nothing was written.`,
  );
}

async function existingFolder(folder: string): Promise<string> {
  let at = path.resolve(folder);
  while (!(await pathExists(at)) && path.dirname(at) !== at) at = path.dirname(at);
  return at;
}
