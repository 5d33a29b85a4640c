import type { Criterion } from '../recipe/recipe';

/** Which unit a stored element belongs to: floor(index / inner) modulo count. */
export interface UnitMap {
  readonly inner: number;
  readonly count: number;
}

/**
 * What becomes zero in one tensor, in constant space: an element goes when its score is below
 * `threshold`, or equal to it and its flat index below `tieLimit`, or when its unit is listed.
 */
export interface TensorCut {
  /** The largest score that goes; null when none goes by its score. */
  readonly threshold: number | null;
  /** Elements whose score equals the threshold go while their flat index is below this. */
  readonly tieLimit: number;
  readonly unitMap: UnitMap | null;
  readonly zeroedUnits: readonly number[];
}

/** The plan for one pruned tensor. */
export interface PlanEntry {
  readonly layer: string;
  readonly tensor: string;
  /** The layer's bias, zeroed with its units; null where there is none. */
  readonly bias: string | null;
  readonly criterion: Criterion;
  readonly cut: TensorCut;
  readonly elementCount: number;
  readonly zerosBefore: number;
  readonly zerosAfter: number;
  /** NaN and infinite weights, which are never pruned. */
  readonly nonFinite: number;
  /** Whether the layer has a target of its own. */
  readonly overridden: boolean;
}

/** What a prune would do; nothing is written by making one. */
export interface Plan {
  readonly entries: readonly PlanEntry[];
  readonly totals: PlanTotals;
  /** The one threshold of a global scope; null otherwise. */
  readonly globalThreshold: number | null;
  readonly warnings: readonly string[];
}

export interface PlanTotals {
  /** Weights of the pruned tensors. */
  readonly elementCount: number;
  readonly zeros: number;
  /** zeros / elementCount; 0 where there is nothing to prune. */
  readonly sparsity: number;
  readonly parametersBefore: number;
  readonly parametersAfter: number;
}
