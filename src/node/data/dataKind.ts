import path from 'node:path';
import { UnsupportedError } from '../../core/errors';
import { toIoError } from '../ioError';
import { openRegularFile } from '../openRegularFile';

const START_BYTES = 4096;

/**
 * What a data file is, by its first bytes.
 * @throws UnsupportedError for other binary files; FormatError where there is no regular file; IoError.
 */
export async function dataKind(file: string): Promise<'npz' | 'csv'> {
  const start = await readStart(file);
  if (start.subarray(0, 2).toString('latin1') === 'PK') return 'npz';
  if (!start.includes(0) && !start.subarray(1, 6).equals(Buffer.from('NUMPY'))) return 'csv';
  throw new UnsupportedError({
    feature: `data ${path.basename(file)}`,
    found: 'a binary file that is no npz archive',
    supported: 'npz with named arrays, csv',
  });
}

async function readStart(file: string): Promise<Buffer> {
  const allowed = 'an existing npz or csv file';
  const { handle } = await openRegularFile(file, { format: 'data', place: file, allowed });
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(START_BYTES) });
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw toIoError(error, `reading ${file}`);
  } finally {
    await handle.close();
  }
}
