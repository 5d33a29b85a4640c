import { ProcessEndedError } from '../../worker/rpc/processEnd';
import type { Services } from '../services';

/**
 * Runs a job that writes into a folder. When the worker dies over it, its successor removes what was
 * half written, before the failure is told.
 */
export async function clearUpAfterCrash<T>(
  services: Services,
  folder: string,
  job: () => Promise<T>,
): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof ProcessEndedError) await clearUp(services, folder);
    throw error;
  }
}

/** What cannot be removed now is removed when something is written there again. */
async function clearUp({ client, log }: Services, folder: string): Promise<void> {
  try {
    await client.clearUp(folder);
  } catch (error) {
    log.warn(error instanceof Error ? error.message : String(error));
  }
}
