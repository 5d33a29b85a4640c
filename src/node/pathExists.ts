import { lstat, realpath } from 'node:fs/promises';
import { errorCode } from './ioError';

/** Whether anything is at this path, a broken link too. @throws the system's error otherwise. */
export async function pathExists(file: string): Promise<boolean> {
  return isThere(() => lstat(file));
}

/** The path without links, or null where nothing is. @throws the system's error otherwise. */
export async function realPathOrNull(file: string): Promise<string | null> {
  return (await isThere(() => realpath(file))) ? realpath(file) : null;
}

async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
