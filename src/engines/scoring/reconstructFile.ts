import { UnsupportedError } from '../../core/errors';
import { type JobControl, throwIfCancelled } from '../../core/progress';
import type { JobParams, JobResult } from '../../protocol/workerJob';

/**
 * Decides which weights of each tensor go, or is told, updates those that stay, and writes the new weights
 * to an npz, an array a tensor.
 */
export async function reconstructFile(
  params: JobParams<'reconstruct'>,
  { signal }: JobControl,
): Promise<JobResult<'reconstruct'>> {
  throwIfCancelled(signal);
  return Promise.reject(
    new UnsupportedError({
      feature: 'reconstruction',
      found: params.criterion,
      supported: 'none yet',
    }),
  );
}
