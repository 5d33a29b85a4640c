import type { Criterion } from '../criteria/criterion';
import type { ScoreFacts } from '../criteria/scoringPort';
import type { Values } from '../model/decodeValues';

/** Which unit a stored element belongs to: floor(index / inner) modulo count. */
export interface UnitMap {
  readonly inner: number;
  readonly count: number;
}

/**
 * What becomes of one tensor. Without a mask, in constant space: an element goes when its magnitude is below
 * `threshold`, or equal to it and its flat index below `tieLimit`, or when its unit is listed.
 */
export interface TensorCut {
  /** The largest score that goes; null when none goes by its score. */
  readonly threshold: number | null;
  /** Elements whose score equals the threshold go while their flat index is below this. */
  readonly tieLimit: number;
  readonly unitMap: UnitMap | null;
  readonly zeroedUnits: readonly number[];
  /**
   * Which elements go, instead of the threshold, where that is not told by their magnitude: bit i % 8 of byte
   * floor(i / 8) stands for flat index i (C order), and is set where the element goes.
   */
  readonly mask?: Uint8Array;
  /** In C order: what the elements that stay become (NaN: as they are), where they are updated; with a mask. */
  readonly values?: Values;
}

/** The plan for one pruned tensor. */
export interface PlanEntry {
  readonly layer: string;
  readonly tensor: string;
  /** The layer's bias, zeroed with its units; null where there is none. */
  readonly bias: string | null;
  readonly criterion: Criterion;
  readonly cut: TensorCut;
  /** The elements of the layer's bias that a mask takes: one bit each, as in a cut. */
  readonly maskedBias?: { readonly name: string; readonly mask: Uint8Array };
  readonly elementCount: number;
  readonly zerosBefore: number;
  readonly zerosAfter: number;
  /** NaN and infinite weights, which are never pruned. */
  readonly nonFinite: number;
  /**
   * The largest score of what goes, weights, blocks or units; null where nothing goes by its score. Absent
   * where it is the cut's.
   */
  readonly threshold?: number | null;
  /** Whether the layer has a target of its own. */
  readonly overridden: boolean;
}

/** A layer that stays whole because its units are the model's own outputs, or inputs. */
export interface LeftEnd {
  readonly layer: string;
  readonly tensor: string;
  readonly end: 'outputs' | 'inputs';
}

/** What a prune would do; nothing is written by making one. */
export interface Plan {
  readonly entries: readonly PlanEntry[];
  readonly totals: PlanTotals;
  /** The one threshold of a global scope; null otherwise. */
  readonly globalThreshold: number | null;
  readonly warnings: readonly string[];
  /** What the recipe would prune, but for its place in the network; the warnings tell of it too. */
  readonly leftEnds: readonly LeftEnd[];
  /** Where data was used to score. */
  readonly scored?: ScoreFacts;
}

export interface PlanTotals {
  /** Weights of the pruned tensors. */
  readonly elementCount: number;
  readonly zeros: number;
  /** zeros / elementCount; 0 where there is nothing to prune. */
  readonly sparsity: number;
  readonly parametersBefore: number;
  readonly parametersAfter: number;
  /**
   * Multiply-accumulates of one sample with weights that are not zero, before and after; of tensors that are not
   * pruned all. Absent where the file does not tell how its layers are connected.
   */
  readonly macsBefore?: number;
  readonly macsAfter?: number;
}
