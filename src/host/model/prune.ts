import type { Recipe } from '../../core/recipe/recipe';
import type { Report } from '../../core/report/report';
import { ProcessEndedError } from '../../worker/rpc/processEnd';
import type { Services } from '../services';
import type { Watch } from '../worker/workerClient';
import type { OutputChoice } from './chooseOutput';

export interface PruneOrder extends OutputChoice {
  /** The model's path. */
  readonly path: string;
  readonly recipe: Recipe;
}

/**
 * Prunes in the worker. When the worker dies over it, its successor removes what was half written,
 * before the failure is told.
 */
export async function prune(
  services: Services,
  { path, recipe, place, replace }: PruneOrder,
  watch: Watch,
): Promise<Report> {
  try {
    return await services.client.prune({ path, recipe, output: place.path, replace }, watch);
  } catch (error) {
    if (error instanceof ProcessEndedError) await clearUp(services, place.folder);
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
