import type { EngineChoice } from '../graph/engineChoice';
import type { JobControl } from '../progress';
import type { Architecture, DataRecipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import type { Evaluation } from './evaluation';

/** A model file to be evaluated, with weights cut as they are read. */
export interface EvaluateRequest {
  /** Absolute path of the model. */
  readonly path: string;
  readonly architecture: Architecture | null;
  /** Applied to the weights as they are read; empty: the model as it is. */
  readonly cuts: readonly PlanEntry[];
  /** With an absolute `file`. */
  readonly data: DataRecipe;
  /** Of the folds' shuffling. */
  readonly seed: number;
  /** Absent: the first engine that can run the model, without the native one. */
  readonly engine?: EngineChoice;
}

/** Runs the network in a process of its own. */
export type Evaluate = (request: EvaluateRequest, control: JobControl) => Promise<Evaluation>;
