import type { MaskTally } from '../kernels/maskKernels';
import type { PlanEntry, TensorCut } from '../report/plan';
import type { PrunedTensor } from './prunableTensors';
import type { TensorSelection } from './selection';

/** What one tensor loses: by the scores of its weights, or as a cut that is made already. */
export type Selected = SelectedByScore | SelectedCut;

/** Single weights, by their scores. */
export interface SelectedByScore extends TensorSelection {
  readonly kind: 'score';
  readonly pruned: PrunedTensor;
  /** The largest of the ranked scores that goes: the cut's. */
  readonly threshold: number | null;
  /** The largest score of the criterion that goes, for display; not what is ranked where shares say what goes. */
  readonly scoreThreshold: number | null;
}

/** Weights that go together. */
export interface SelectedCut {
  readonly kind: 'cut';
  readonly pruned: PrunedTensor;
  readonly cut: TensorCut;
  /** The largest score of what goes together; null where nothing goes, or none decided. */
  readonly threshold: number | null;
  /** Weights that it takes. */
  readonly selectedCount: number;
  /** The tensor's counts under the cut, where they are known already. */
  readonly tally: MaskTally | null;
  /** The bias of which the same units go; null where none does. */
  readonly bias: string | null;
  /** What goes of a bias element by element, where its units have several. */
  readonly maskedBias?: NonNullable<PlanEntry['maskedBias']>;
}

/** What a plan takes from its tensors. */
export interface SelectionResult {
  readonly selected: readonly Selected[];
  readonly globalThreshold: number | null;
  /** Weights that the target asks for beyond what can be pruned. */
  readonly shortBy: number;
  /** What the user should know of the selection itself. */
  readonly warnings: readonly string[];
}

/** Nothing goes from a tensor. */
export function selectedNothing(pruned: PrunedTensor): SelectedCut {
  const cut: TensorCut = { threshold: null, tieLimit: 0, unitMap: null, zeroedUnits: [] };
  return { kind: 'cut', pruned, cut, threshold: null, selectedCount: 0, tally: null, bias: null };
}
