import type { ByteSource } from '../core/io';
import { readFully } from './fullTransfers';
import { openRegularFile } from './openRegularFile';

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
 * @throws FormatError when there is no such file or it is a pipe, a device or a folder; IoError.
 */
export async function openFileSource(path: string, name: string): Promise<FileSource> {
  const { handle, stats } = await openRegularFile(path, { format: 'file', place: name });
  const { size, mode } = stats;
  return {
    path,
    name,
    byteLength: size,
    mode,
    readInto: (byteOffset, target) => readFully(handle, { name, byteOffset, target }),
    close: () => handle.close(),
  };
}
