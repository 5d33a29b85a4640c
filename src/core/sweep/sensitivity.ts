import type { Criterion } from '../criteria/criterion';
import type { ModelFigures } from '../evaluation/evaluateMany';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { Granularity } from '../selection/granularity';
import type { CutFigures, SweepMetric } from './sweep';

/** Each layer by itself at several sparsities, all others untouched. */
export interface SensitivityRequest {
  /** Absolute path of the model. */
  readonly path: string;
  /** Criterion, granularity, exceptions, data and calibration; its target, scope and allocation do not matter. */
  readonly recipe: Recipe;
  /** Shares of the layer's weights that go, each 0 to 1; {@link DEFAULT_LEVELS} when absent. */
  readonly levels?: readonly number[];
  /** Each tensor by itself, where a layer has several: of recurrent ones. Whole layers when absent. */
  readonly perTensor?: boolean;
}

/** One layer alone at one sparsity. */
export interface SensitivityPoint extends CutFigures {
  /** As asked for. zeros and elementCount are the layer's. */
  readonly sparsity: number;
}

/** How a model answers to the loss of one layer's weights. */
export interface LayerSensitivity {
  readonly layer: string;
  /** Several of recurrent layers. */
  readonly tensors: readonly string[];
  readonly elementCount: number;
  /** By rising sparsity. */
  readonly points: readonly SensitivityPoint[];
}

/** What each layer of a model can lose. */
export interface SensitivityResult {
  readonly criterion: Criterion;
  readonly granularity: Granularity;
  readonly metric: SweepMetric;
  readonly samples: number;
  readonly engine: string;
  /** The model as it is. */
  readonly baseline: ModelFigures;
  /** In the graph's order. */
  readonly layers: readonly LayerSensitivity[];
}

/** Measures how sensitive each layer of a model is. */
export interface SensitivityPort {
  /** @throws UsageError where the recipe has no data with labels; what running the network throws. */
  sensitivity(request: SensitivityRequest, control: JobControl): Promise<SensitivityResult>;
}

/**
 * For budgets: close where layers give way, and as far as they may be pruned, since a budget never goes beyond
 * what was measured while another layer has room; short of 1, so that none is emptied.
 */
export const BUDGET_LEVELS: readonly number[] = [
  ...[0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99],
];

/** Where nothing is asked for: enough for the shape of a curve. */
export const DEFAULT_LEVELS: readonly number[] = [0.1, 0.3, 0.5, 0.7, 0.9];
