import type { PlanJob } from '../planJob';
import type { SensitivityCurve } from './sensitivityCounts';

/** A plan whose target is to be shared out. */
export interface AllocationJob extends PlanJob {
  /** What each tensor alone costs on the data; measured on the first call. */
  readonly curves: () => Promise<readonly SensitivityCurve[]>;
  /** By tensor: what an earlier step of a schedule took, below which no share may fall by rounding. */
  readonly least?: ReadonlyMap<string, number>;
}
