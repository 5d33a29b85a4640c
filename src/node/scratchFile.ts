import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ScratchFile } from '../core/model/modelSink';
import { readFully, writeFully } from './fullTransfers';
import { toIoError } from './ioError';

/**
 * A file without a name: it is unlinked at once, so that nothing is left behind however the process
 * ends.
 * @param folder on the disk that has the room
 * @throws IoError
 */
export async function openScratchFile(folder: string, assurance: string): Promise<ScratchFile> {
  const file = path.join(folder, `.scratch-${randomBytes(4).toString('hex')}`);
  const doing = `writing a temporary file in ${folder}`;
  try {
    const handle = await open(file, 'wx+');
    await rm(file, { force: true });
    return {
      write: (byteOffset, bytes) => writeFully(handle, { byteOffset, bytes, doing, assurance }),
      readInto: (byteOffset, target) => readFully(handle, { byteOffset, target, name: file }),
      close: () => handle.close(),
    };
  } catch (error) {
    throw toIoError(error, doing, assurance);
  }
}
