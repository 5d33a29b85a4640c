import type { UnitTallies } from '../kernels/unitTallyKernel';

/**
 * Average percentage of zeros, turned so that less means less needed: 1 - the share of exact zeros in what a unit
 * gives over all samples and positions, behind its activation. Needs data without labels and an activation that
 * makes exact zeros, such as ReLU; one forward pass, float64 counts.
 * Source: Hu et al., Network trimming, 2016.
 * @returns one number a unit, 0 to 1
 */
export function apozScore({ zeros, count }: UnitTallies): Float64Array {
  return zeros.map((some) => 1 - some / count);
}
