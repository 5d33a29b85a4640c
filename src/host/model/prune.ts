import type { Recipe } from '../../core/recipe/recipe';
import type { Report } from '../../core/report/report';
import type { Services } from '../services';
import type { Watch } from '../worker/workerClient';
import type { OutputChoice } from './chooseOutput';
import { clearUpAfterCrash } from './clearUpAfterCrash';

export interface PruneOrder extends OutputChoice {
  /** The model's path. */
  readonly path: string;
  readonly recipe: Recipe;
}

/** Prunes in the worker; nothing half written is left behind, also when the worker dies over it. */
export function prune(
  services: Services,
  { path, recipe, place, replace }: PruneOrder,
  watch: Watch,
): Promise<Report> {
  return clearUpAfterCrash(services, place.folder, () =>
    services.client.prune({ path, recipe, output: place.path, replace }, watch),
  );
}
