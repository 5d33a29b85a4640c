import { UsageError } from '../core/errors';
import { errorCode, toIoError } from './ioError';
import { realPathOrNull } from './pathExists';

/**
 * What stands where an output shall go, without links; null where nothing does.
 * @throws UsageError where the place lies below a file; IoError.
 */
export async function realOutputOrNull(output: string): Promise<string | null> {
  try {
    return await realPathOrNull(output);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') {
      throw new UsageError(`the output ${output} lies below a file; name a place below a folder`);
    }
    throw toIoError(error, `looking at ${output}`);
  }
}
