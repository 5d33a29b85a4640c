import type { ScoringPort } from '../criteria/scoringPort';
import type { EvaluateManyPort } from '../evaluation/evaluateMany';
import type { OpenedModel } from '../recipe/pipeline';
import type { Architecture } from '../recipe/recipe';

/** What a sweep needs of its process: the model's file and networks. */
export interface SweepPorts extends EvaluateManyPort {
  openModel(path: string, architecture: Architecture | null): Promise<OpenedModel>;
  readonly scoring: ScoringPort;
  /** How many networks are run at a time. */
  readonly concurrency: number;
}
