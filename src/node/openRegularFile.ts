import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { FormatError, type Place } from '../core/errors';
import { errorCode, toIoError } from './ioError';

/** Without `O_NONBLOCK`, which Windows lacks, opening a pipe waits for somebody to write to it. */
const FLAGS = process.platform === 'win32' ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK;

/** What the system answers for a socket, a device that is not there, and on Windows for a folder. */
const NOT_OPENED = new Set(['ENXIO', 'EISDIR', 'ENODEV', 'EOPNOTSUPP']);

/** An open file, and what the system says of it. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * Opens a file for reading, and never waits: pipes, devices, sockets and folders are refused.
 * @param where for messages, with what is allowed where there is no such file
 * @throws FormatError when there is no such file or it is no regular one; IoError.
 */
export async function openRegularFile(
  path: string,
  where: Place & { readonly allowed?: string },
): Promise<OpenedFile> {
  const handle = await openWithoutWaiting(path, where);
  try {
    const stats = await handle.stat();
    assertRegular(stats, where);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw toIoError(error, `opening ${path}`);
  }
}

async function openWithoutWaiting(
  path: string,
  { format, place, allowed = 'an existing file' }: Place & { readonly allowed?: string },
): Promise<FileHandle> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT') throw new FormatError({ format, place, found: 'no such file', allowed });
    if (NOT_OPENED.has(code)) assertRegular(await stat(path), { format, place });
    throw toIoError(error, `opening ${path}`);
  }
}

function assertRegular(stats: Stats, { format, place }: Place): void {
  if (stats.isFile()) return;
  throw new FormatError({ format, place, found: kindOf(stats), allowed: 'a regular file' });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
