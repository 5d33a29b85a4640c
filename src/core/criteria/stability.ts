import type { UnitTallies } from '../kernels/unitTallyKernel';

/** How often each sample is disturbed anew: the variance over 8 draws of 100 samples is known to some 5 %. */
export const STABILITY_DRAWS = 8;

/** Standard deviation of the noise, as a share of each input's own over the data, where no other is given. */
export const DEFAULT_SIGMA = 0.1;

/**
 * How little a unit minds noise: 1 / (1 + v / V). v is the variance of what it gives when Gaussian noise is added
 * to the network's inputs, each with `sigma` times its own standard deviation over the data: the unbiased variance
 * over the draws of each sample and position, their mean. V is the variance over the data, without noise. A unit
 * that noise does not move has 1, also one that gives the same for all data. Needs data without labels and inputs
 * that are real numbers; one forward pass and one a draw, seeded.
 * Source: noise stability, Arora et al., Stronger generalization bounds for deep nets via a compression approach, 2018.
 * @param noise v, one a unit
 * @returns one number a unit, 0 to 1
 */
export function stabilityScore(noise: Float64Array, data: UnitTallies): Float64Array {
  return noise.map((moved, unit) => {
    if (moved <= 0) return 1;
    return 1 / (1 + moved / varianceOf(data, unit));
  });
}

/** Population variance of a unit. */
function varianceOf(
  { count, sums, squareSums, minima, maxima }: UnitTallies,
  unit: number,
): number {
  if (minima[unit] === maxima[unit]) return 0;
  const mean = (sums[unit] ?? 0) / count;
  return Math.max(0, (squareSums[unit] ?? 0) / count - mean * mean);
}
