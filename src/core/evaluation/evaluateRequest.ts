import type { EngineChoice } from '../graph/engineChoice';
import type { JobControl } from '../progress';
import type { Architecture, DataRecipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import type { ComparedEvaluations } from './comparison';
import type { Evaluation } from './evaluation';

/** A model file to be run, with weights cut as they are read. */
export interface EvaluatedModel {
  /** Absolute path of the model. */
  readonly path: string;
  readonly architecture: Architecture | null;
  /** Applied to the weights as they are read; empty: the model as it is. */
  readonly cuts: readonly PlanEntry[];
}

/** On what a model is measured, and how. */
export interface EvaluationTerms {
  /** With an absolute `file`. */
  readonly data: DataRecipe;
  /** Of the folds' shuffling and of the bootstrap. */
  readonly seed: number;
  /** Absent: the first engine that can run the model, without the native one. */
  readonly engine?: EngineChoice;
  /** The batch is cut down by this much, for a second try where memory did not suffice; 1 when absent. */
  readonly batchDivisor?: number;
}

/** One model to be evaluated. */
export interface EvaluateRequest extends EvaluatedModel, EvaluationTerms {
  /** Only the first batch is run: enough to learn that model and data fit, and which figures there are. */
  readonly probe?: boolean;
}

/** Two models to be evaluated on the same samples, which are read once for both. */
export interface CompareRequest extends EvaluationTerms {
  readonly before: EvaluatedModel;
  readonly after: EvaluatedModel;
  /** Whether the time of a run is measured, too. */
  readonly latency: boolean;
}

/** Runs networks in a process of their own. */
export interface EvaluationPort {
  /** @returns null where the data has no labels. */
  evaluate(request: EvaluateRequest, control: JobControl): Promise<Evaluation | null>;
  compare(request: CompareRequest, control: JobControl): Promise<ComparedEvaluations>;
}
