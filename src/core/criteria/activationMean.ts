import type { UnitTallies } from '../kernels/unitTallyKernel';

/**
 * The mean of |a| over all samples and positions, a being what a unit gives behind its activation. Needs data
 * without labels; one forward pass, sums in float64.
 * Source: Molchanov et al., Pruning convolutional neural networks for resource efficient inference, 2017.
 * @returns one number a unit
 */
export function activationMeanScore({ absoluteSums, count }: UnitTallies): Float64Array {
  return absoluteSums.map((sum) => sum / count);
}
