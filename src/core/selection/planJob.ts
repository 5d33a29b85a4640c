import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { LayerTargets } from './allocation/layerTarget';
import type { ScoreSource } from './scoreSource';
import type { OnChunk } from './selection';

/** Everything that making a plan from scores needs. */
export interface PlanJob {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly source: ScoreSource;
  readonly onChunk: OnChunk;
  /**
   * What each tensor loses where the allocation says it, whatever recipe and settings say; the others take the
   * recipe's target. Units and blocks: as many as come nearest to a count.
   */
  readonly targets?: LayerTargets;
}
