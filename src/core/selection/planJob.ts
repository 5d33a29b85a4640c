import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { ScoreSource } from './scoreSource';
import type { OnChunk } from './selection';

/** Everything that making a plan from scores needs. */
export interface PlanJob {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly source: ScoreSource;
  readonly onChunk: OnChunk;
}
