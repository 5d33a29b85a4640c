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
  /** Of the tensors that share in no pool: what each loses, whatever recipe and settings say. */
  readonly targets?: LayerTargets;
  /**
   * How many weights go from each tensor, by its name, where the allocation says it; the others take the
   * recipe's target. Units and blocks: as many as come nearest to that.
   */
  readonly counts?: ReadonlyMap<string, number>;
}
