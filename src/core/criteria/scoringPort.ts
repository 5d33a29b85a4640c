import type { JobControl } from '../progress';
import type { Architecture, DataRecipe } from '../recipe/recipe';
import type { Model } from '../model/model';
import type { PlanEntry } from '../report/plan';
import type { EngineChoice } from '../graph/engineChoice';
import type { SensitivityPort } from '../sweep/sensitivity';
import type { Criterion, CriterionOptions } from './criterion';

/** What a criterion finds on data, asked of a process that runs networks. */
export interface ScoreRequest {
  /** Absolute path of the model. */
  readonly path: string;
  readonly architecture: Architecture | null;
  /** Made before the network is looked at: the earlier steps of a schedule. */
  readonly cuts: readonly PlanEntry[];
  readonly criterion: Criterion;
  readonly options: CriterionOptions;
  /** Names of the tensors that want scores. */
  readonly tensors: readonly string[];
  /** With an absolute `file`. */
  readonly data: DataRecipe;
  readonly seed: number;
  /** Absent: the first engine that can differentiate the model. */
  readonly engine?: EngineChoice;
  /** The batch is cut down by this much, for a second try where memory did not suffice; 1 when absent. */
  readonly batchDivisor?: number;
}

/**
 * Which weights of each tensor are to go, and by which method those that stay are updated, so that each
 * layer's output on the data changes least.
 */
export interface ReconstructRequest extends ScoreRequest {
  /** In the order of {@link ScoreRequest.tensors}. */
  readonly targets: readonly ReconstructTarget[];
}

/**
 * `mask`: these weights go (one bit a weight, see TensorCut.mask), by whatever criterion.
 * `sparsity`: the criterion itself chooses that share of the layer's weights. `groups`: it chooses all but `keep`
 * of each `group` inputs of an output.
 */
export type ReconstructTarget =
  | { readonly kind: 'mask'; readonly mask: Uint8Array }
  | { readonly kind: 'sparsity'; readonly sparsity: number }
  | { readonly kind: 'groups'; readonly keep: number; readonly group: number };

/** How scores came about. */
export interface ScoreFacts {
  /** Of the data that were used. */
  readonly samples: number;
  /** In words, e.g. `TensorFlow.js wasm (SIMD)`. */
  readonly engine: string;
  /** What the scores do not tell, in words for the user. */
  readonly notes?: readonly string[];
}

/**
 * Scores on disk, as an opened npz: an array for each tensor, under its name. Of criteria that rank weights
 * in the tensor's shape; of those that rank units, one number a unit. After a reconstruction: the new
 * weights, zero where one goes.
 */
export interface ScoreArrays extends ScoreFacts {
  readonly arrays: Model;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** Scores by running networks, in a process of their own. */
export interface ScoringPort extends SensitivityPort {
  /** @throws UnsupportedError, UsageError, FormatError, IoError, CancelledError. */
  score(request: ScoreRequest, control: JobControl): Promise<ScoreArrays>;
  /** @throws as {@link score}. */
  reconstruct(request: ReconstructRequest, control: JobControl): Promise<ScoreArrays>;
}
