import type { JobControl } from '../../progress';
import type { PlanEntry } from '../../report/plan';

/** Where a schedule stands. */
export interface RecoverStep {
  /** What goes so far. */
  readonly cuts: readonly PlanEntry[];
  /** The step that made them, from 1. */
  readonly step: number;
  readonly steps: number;
}

/**
 * Lets a network get over what it lost, between the steps of a schedule: trains or solves for the weights that
 * stay. Called after each step but the last.
 * @returns the cuts to go on with: of the same tensors, with nothing that is gone back, and with
 *   `cut.values` where weights have changed
 */
export type Recover = (step: RecoverStep, control: JobControl) => Promise<readonly PlanEntry[]>;
