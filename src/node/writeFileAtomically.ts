import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { toIoError } from './ioError';

/**
 * Writes a file whole or not at all: beside its place, synced, then renamed over what was there.
 * @throws IoError
 */
export async function writeFileAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw toIoError(error, `writing ${file}`);
  }
}
