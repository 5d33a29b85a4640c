import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../core/errors';
import { toIoError } from './ioError';

export interface FullRead {
  /** The file as messages name it. */
  readonly name: string;
  readonly byteOffset: number;
  readonly target: Uint8Array;
}

/** Fills the target, however many reads that takes. @throws FormatError at the file's end; IoError. */
export async function readFully(handle: FileHandle, request: FullRead): Promise<void> {
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

async function readOnce(handle: FileHandle, request: FullRead, filled: number): Promise<number> {
  const { name, byteOffset, target } = request;
  try {
    const left = target.length - filled;
    const { bytesRead } = await handle.read(target, filled, left, byteOffset + filled);
    return bytesRead;
  } catch (error) {
    throw toIoError(error, `reading ${name}`);
  }
}

export interface FullWrite {
  readonly byteOffset: number;
  readonly bytes: Uint8Array;
  /** What is being done, for messages. */
  readonly doing: string;
  readonly assurance?: string;
}

/** Writes all bytes, however many writes that takes. @throws IoError. */
export async function writeFully(handle: FileHandle, request: FullWrite): Promise<void> {
  const { byteOffset, bytes, doing, assurance } = request;
  let written = 0;
  try {
    while (written < bytes.length) {
      const left = bytes.length - written;
      const { bytesWritten } = await handle.write(bytes, written, left, byteOffset + written);
      written += bytesWritten;
    }
  } catch (error) {
    throw toIoError(error, doing, assurance);
  }
}
