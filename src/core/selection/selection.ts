import type { Tally } from '../kernels/selectionKernels';

/** What a selection takes from one tensor. */
export interface TensorSelection {
  /** Elements with a score below the selection's threshold, or equal to it and before {@link tieLimit}. */
  readonly selectedCount: number;
  /** Elements equal to the threshold are taken while their flat index is below this. */
  readonly tieLimit: number;
  readonly zeros: number;
  readonly nonFinite: number;
}

export interface Selection {
  /** The largest score taken; null where none is. */
  readonly threshold: number | null;
  /** In the order of the tensors given. */
  readonly tensors: readonly TensorSelection[];
}

/** What goes from one tensor. */
export interface LowestOfTensor extends TensorSelection {
  /** The largest of the ranked scores that goes (see ScoreSource.scoresOf); null where none does. */
  readonly threshold: number | null;
}

/** What goes by its score from tensors that are ranked together. */
export interface Lowest {
  /** The largest score of the criterion that goes; null where none does. */
  readonly threshold: number | null;
  /** In the order of the tensors given. */
  readonly tensors: readonly LowestOfTensor[];
}

/** Called once per chunk, so that a job can report and be cancelled. */
export type OnChunk = (elementCount: number) => void;

/** A tally for each tensor, all zero. */
export function emptyTallies(tensors: readonly unknown[]): Tally[] {
  return tensors.map(() => ({ zeros: 0, nonFinite: 0 }));
}
