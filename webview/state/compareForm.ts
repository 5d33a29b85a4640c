import type { Criterion } from '../../src/core/criteria/criterion';
import type { Bounds } from '../../src/core/recipe/recipe';

/** What a comparison is to be of, as far as the user has said. */
export interface CompareForm {
  /** null: the ones that are compared unless the user says otherwise. */
  readonly criteria: readonly Criterion[] | null;
  /** Shares, from the first to the last by steps. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Empty: what is usual. */
  readonly bounds: Bounds;
}

/** The form that a user starts from. */
export const initialCompareForm: CompareForm = {
  criteria: null,
  from: 0.5,
  to: 0.9,
  step: 0.1,
  bounds: {},
};
