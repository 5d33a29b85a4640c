import type { Criterion, CriterionOptions } from '../criteria/criterion';
import type { PairedDifference } from '../evaluation/comparison';
import type { ModelFigures } from '../evaluation/evaluateMany';
import type { Interval } from '../evaluation/evaluation';
import type { Bounds, Recipe } from '../recipe/recipe';
import type { Granularity } from '../selection/granularity';

/** A way to prune, of which a sweep draws the curve. */
export interface SweepMethod {
  readonly criterion: Criterion;
  /** The recipe's where the criterion allows it, else the criterion's own, when absent. */
  readonly granularity?: Granularity;
  /** The recipe's when absent. */
  readonly options?: CriterionOptions;
}

/** Several methods at several sparsities, on one model and the same data. */
export interface SweepRequest {
  /** Absolute path of the model. */
  readonly path: string;
  /**
   * Scope, allocation, exceptions, data, calibration and bounds; with absolute files. Its criterion and
   * target are not looked at, and methods that name no granularity take its.
   */
  readonly recipe: Recipe;
  readonly methods: readonly SweepMethod[];
  /** Shares of the prunable weights that go, each 0 to 1. N:M has one of its own, and is measured at that alone. */
  readonly sparsities: readonly number[];
  /**
   * Each draws the calibration data anew, where the recipe takes a sample of it, and is the seed of what the
   * method does by chance. A method that neither changes is run with the first one alone. Where the recipe's own seed
   * is the only one, the sample is the recipe's.
   */
  readonly seeds: readonly number[];
}

/** The figure that curves are drawn of: accuracy where the data has classes, else the loss. */
export type SweepMetric = 'accuracy' | 'loss';

/** What one cut does. */
export interface CutFigures {
  readonly metric: SweepMetric;
  /** Of the metric. */
  readonly value: number;
  /** Of the metric, 95 %. */
  readonly interval: Interval;
  readonly loss: number;
  readonly lossInterval: Interval;
  readonly accuracy?: number;
  readonly correct?: number;
  /** Of the metric, against the original on the same samples. */
  readonly difference: PairedDifference;
  /** Zeros among the prunable weights, those that were there before included. */
  readonly zeros: number;
  readonly elementCount: number;
}

/** A method at one sparsity. */
export interface SweepPoint extends CutFigures {
  /** As asked for; zeros / elementCount is what became of it. */
  readonly sparsity: number;
  /** Bytes of the files with their zeros, and when they are packed. */
  readonly sizes: { readonly raw: number; readonly packed: number };
}

/** One curve. */
export interface SweepSeries {
  readonly seed: number;
  /** Of the data that the scores were found on; null where none was needed. */
  readonly samples: number | null;
  /** By rising sparsity. */
  readonly points: readonly SweepPoint[];
}

/** The curves of one method, one a seed. */
export interface SweepCurve extends SweepMethod {
  readonly granularity: Granularity;
  readonly seeds: readonly SweepSeries[];
  /** Why it cannot be used on this model and data; then there are no curves. */
  readonly problem?: string;
}

/** The highest sparsity of a method at which the bounds hold, on average over its seeds. */
export interface SweepBest {
  readonly criterion: Criterion;
  readonly granularity: Granularity;
  readonly options?: CriterionOptions;
  readonly sparsity: number;
  /** Of the seeds' mean. */
  readonly value: number;
  /** The first of the method's: what it gives alone. */
  readonly seed: number;
}

/** All curves, and the best of their points under the bounds. */
export interface SweepResult {
  readonly metric: SweepMetric;
  /** Of the data that everything was evaluated on. */
  readonly samples: number;
  readonly engine: string;
  /** The model as it is. */
  readonly baseline: ModelFigures;
  /** In the order of the request. */
  readonly criteria: readonly SweepCurve[];
  /** By which `best` was chosen: the recipe's, or what users accept where they say nothing. */
  readonly bounds: Bounds;
  /** Of all methods: the highest sparsity, and there the best value; null where no point holds. */
  readonly best: SweepBest | null;
  /** Of each method of which a point holds. */
  readonly bestOfEach: readonly SweepBest[];
}

/** A part of a sweep, as soon as it is known. */
export interface SweepPart {
  /** Which of the request's methods. */
  readonly method: number;
  readonly seed: number;
  readonly points: readonly SweepPoint[];
}
