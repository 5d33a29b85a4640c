import { stat } from 'node:fs/promises';
import { UsageError } from '../core/errors';
import { errorCode, toIoError } from './ioError';
import { realOutputOrNull } from './realOutput';

/**
 * That an output is not there yet, or is a file: renaming over a device or a pipe would take it from the system.
 * @throws UsageError where something else is there, or the place lies below a file; IoError.
 */
export async function assertPlainFile(output: string): Promise<void> {
  const existing = await realOutputOrNull(output);
  if (existing === null) return;
  try {
    if ((await stat(existing)).isFile()) return;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw toIoError(error, `looking at ${output}`);
  }
  throw new UsageError(`the output ${output} is there and is no plain file; name another place`);
}
