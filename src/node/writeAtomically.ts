import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ByteSink } from '../core/model/modelSink';
import { removeAbandoned } from './abandonedFolders';
import { assertPlainFile } from './assertPlainFile';
import { writeFully } from './fullTransfers';
import { toIoError } from './ioError';
import { temporaryFolderPrefix } from './temporaryFolders';

/**
 * Writes a file whole or not at all, however large: beside its place, synced, then renamed over what was there. What
 * killed processes left there is cleared away.
 * @param write writes the bytes, in any order
 * @throws UsageError where something else than a file is there; IoError; what `write` throws, with nothing kept.
 */
export async function writeAtomically(
  file: string,
  write: (sink: ByteSink) => Promise<void>,
): Promise<void> {
  const name = `${temporaryFolderPrefix()}${randomBytes(4).toString('hex')}`;
  const temporary = path.join(path.dirname(file), name);
  const doing = `writing ${file}`;
  await assertPlainFile(file);
  await removeAbandoned(path.dirname(file));
  try {
    const handle = await open(temporary, 'wx');
    try {
      await write({
        write: (byteOffset, bytes) => writeFully(handle, { byteOffset, bytes, doing }),
      });
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw toIoError(error, doing);
  }
}
