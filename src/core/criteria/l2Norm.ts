import { addUnitSquaresInPlace, type UnitPlace } from '../kernels/unitNormsKernel';
import type { UnitNorm } from './unitNorm';

/**
 * L2 norm of a unit (neuron, filter, hidden unit): the root of the sum of w^2 over its weights. By the weights
 * alone; one pass, float64 sums, a number a unit in memory. Source: ln_structured of torch.nn.utils.prune with n = 2;
 * He et al., Soft filter pruning for accelerating deep convolutional neural networks, 2018.
 */
export const l2Norm: UnitNorm = {
  addInPlace(sums: Float64Array, weights: Float32Array | Float64Array, place: UnitPlace): void {
    addUnitSquaresInPlace(sums, weights, place);
  },
  ofSum: (sum) => Math.sqrt(sum),
};
