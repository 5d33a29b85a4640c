import type { UnitPlace } from '../kernels/unitNormsKernel';

/** A norm over the weights of each unit, whose sums grow chunk by chunk. */
export interface UnitNorm {
  /** Adds a chunk of weights to the sums, one a unit. */
  addInPlace(sums: Float64Array, weights: Float32Array | Float64Array, place: UnitPlace): void;
  /** The norm that a whole sum makes. */
  ofSum(sum: number): number;
}
