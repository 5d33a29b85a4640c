import { addUnitMagnitudesInPlace, type UnitPlace } from '../kernels/unitNormsKernel';
import type { UnitNorm } from './unitNorm';

/**
 * L1 norm of a unit (neuron, filter, hidden unit): the sum of |w| over its weights. By the weights alone; one
 * pass, float64 sums, a number a unit in memory. Source: Li et al., Pruning filters for efficient ConvNets, 2017;
 * ln_structured of torch.nn.utils.prune with n = 1.
 */
export const l1Norm: UnitNorm = {
  addInPlace(sums: Float64Array, weights: Float32Array | Float64Array, place: UnitPlace): void {
    addUnitMagnitudesInPlace(sums, weights, place);
  },
  ofSum: (sum) => sum,
};
