import type { ScoreRequest } from '../../core/criteria/scoringPort';
import type { Dataset } from '../../core/evaluation/dataset';
import type { DifferentiableExecutor } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import type { Model, TensorEntry } from '../../core/model/model';
import type { JobControl } from '../../core/progress';

/** A network with data, opened to be looked into. */
export interface ScoringRun {
  readonly request: ScoreRequest;
  readonly model: Model;
  readonly graph: Graph;
  readonly executor: DifferentiableExecutor;
  readonly dataset: Dataset;
  /** Of one batch; where `fixedSize`, the network takes no other. */
  readonly batchSize: number;
  readonly fixedSize: number | null;
  /** The tensors that want scores, in the order of the request. */
  readonly tensors: readonly TensorEntry[];
  readonly control: JobControl;
  /** Says something about the scores to the user. */
  note(text: string): void;
}

/** An array of scores, under the name of its tensor: in the tensor's shape, or one number a unit. */
export interface ScoredArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** Scores the tensors of a run one after the other, in their order. */
export type Scorer = (run: ScoringRun) => AsyncIterable<ScoredArray>;
