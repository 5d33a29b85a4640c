import type { Comparison } from '../evaluation/comparison';
import type { Evaluation } from '../evaluation/evaluation';
import type { Criterion } from '../criteria/criterion';
import type { ScoreFacts } from '../criteria/scoringPort';
import type { PlanTotals } from './plan';

/** One pruned tensor in `plan --json` and `prune --json`. */
export interface ReportLayer {
  readonly layer: string;
  readonly tensor: string;
  readonly criterion: Criterion;
  /** The largest score that was pruned; null when nothing was pruned by score. */
  readonly threshold: number | null;
  readonly elementCount: number;
  readonly zerosBefore: number;
  readonly zerosAfter: number;
  /** Units that went as a whole: zeroed with their bias by the unit threshold, or cut out. */
  readonly removedUnits: number;
}

/** Bytes of all files of the model; gzip is null where it was not measured. */
export interface Sizes {
  readonly rawBefore: number;
  readonly rawAfter: number;
  readonly gzipBefore: number | null;
  readonly gzipAfter: number | null;
  /**
   * Of the same files when they are packed, their zeros left out, with headers, row offsets and indices; of formats
   * without a packed form a bit an element of the tensors, and the values that stay.
   */
  readonly packedBefore?: number;
  readonly packedAfter?: number;
}

/** The result of a run, as the command-line contract words it. */
export interface Report {
  readonly layers: readonly ReportLayer[];
  readonly totals: PlanTotals;
  readonly sizes: Sizes;
  /** Where the recipe's data has labels. */
  readonly evaluation?: { readonly before: Evaluation; readonly after: Evaluation };
  /** Where the recipe has data: paired differences with their tests, agreement, latency. */
  readonly comparison?: Comparison;
  /** Absent for a plan. */
  readonly output?: string;
  readonly warnings: readonly string[];
  /** Where data was used to score: how many samples, on which engine. */
  readonly scored?: ScoreFacts;
}
