import { type FileHandle, open } from 'node:fs/promises';
import { FormatError } from '../core/errors';
import type { ByteSource } from '../core/io';
import { readFully } from './fullTransfers';
import { errorCode, toIoError } from './ioError';

/** A file opened for reading by ranges. */
export interface FileSource extends ByteSource {
  /** Absolute path. */
  readonly path: string;
  /** Permission bits, for the copy. */
  readonly mode: number;
  close(): Promise<void>;
}

/**
 * Opens a file; nothing but its size is read.
 * @param name as shown to the user, relative to the model's folder
 * @throws FormatError when there is no such file; IoError when it cannot be opened.
 */
export async function openFileSource(path: string, name: string): Promise<FileSource> {
  const handle = await openForReading(path, name);
  const { size, mode } = await handle.stat();
  return {
    path,
    name,
    byteLength: size,
    mode,
    readInto: (byteOffset, target) => readFully(handle, { name, byteOffset, target }),
    close: () => handle.close(),
  };
}

async function openForReading(path: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new FormatError({
        format: 'file',
        place: name,
        found: 'no such file',
        allowed: 'an existing file',
      });
    }
    throw toIoError(error, `opening ${path}`);
  }
}
