import type { Values } from '../model/decodeValues';

/**
 * Empirical Fisher information: the mean over samples n of (d l_n / dw)^2, l_n the loss of the sample alone. Needs
 * data with labels and a network that can be differentiated; a pass forward and back a sample, of dense networks one
 * for all. Source: Theis et al., Faster gaze prediction with dense networks and Fisher pruning, 2018.
 * @param squares summed over all samples, one a weight
 */
export function fisherScore(squares: Values, samples: number): Values {
  return squares.map((sum) => sum / samples);
}
