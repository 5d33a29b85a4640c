import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { ByteSink } from '../core/model/modelSink';
import { writeFully } from './fullTransfers';
import { toIoError } from './ioError';

/**
 * Writes a file whole or not at all, however large: beside its place, synced, then renamed over what was there.
 * @param write writes the bytes, in any order
 * @throws IoError; what `write` throws, with nothing kept.
 */
export async function writeAtomically(
  file: string,
  write: (sink: ByteSink) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  const doing = `writing ${file}`;
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
