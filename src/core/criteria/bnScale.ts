/**
 * Network slimming: |gamma| of the normalization that scales a unit's output. By the weights alone; means what it
 * should where the network was trained with an L1 penalty on gamma. A number a unit.
 * Source: Liu et al., Learning efficient convolutional networks through network slimming, 2017.
 * @param gamma one a unit
 */
export function bnScaleScores(gamma: ArrayLike<number>): Float64Array {
  return Float64Array.from(gamma, Math.abs);
}
