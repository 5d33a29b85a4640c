import { type FileHandle, open } from 'node:fs/promises';
import { FormatError } from '../core/errors';
import type { ByteSource } from '../core/io';
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
    readInto: (byteOffset, target) => readExactly(handle, { name, size, byteOffset, target }),
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

interface ReadRequest {
  readonly name: string;
  readonly size: number;
  readonly byteOffset: number;
  readonly target: Uint8Array;
}

async function readExactly(handle: FileHandle, request: ReadRequest): Promise<void> {
  const { name, byteOffset, target } = request;
  let filled = 0;
  while (filled < target.length) {
    const bytesRead = await readOnce(handle, request, filled);
    if (bytesRead === 0) {
      throw new FormatError({
        format: 'file',
        place: name,
        found: `the end after ${byteOffset + filled} bytes`,
        allowed: `at least ${byteOffset + target.length} bytes`,
        byteOffset: byteOffset + filled,
      });
    }
    filled += bytesRead;
  }
}

async function readOnce(handle: FileHandle, request: ReadRequest, filled: number): Promise<number> {
  const { name, byteOffset, target } = request;
  try {
    const left = target.length - filled;
    const { bytesRead } = await handle.read(target, filled, left, byteOffset + filled);
    return bytesRead;
  } catch (error) {
    throw toIoError(error, `reading ${name}`);
  }
}
