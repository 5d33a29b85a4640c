import type { Values } from '../model/decodeValues';

/**
 * The square of the first-order Taylor estimate of what the loss changes by without a weight: (w dL/dw)^2, L the
 * mean loss over the data. Needs data with labels and a network that can be differentiated; one pass forward and
 * back. Source: Molchanov et al., Importance estimation for neural network pruning, 2019.
 * @param weights one a weight
 * @param gradient dL/dw, as many
 */
export function taylorSquaredScore(weights: Values, gradient: Values): Values {
  return gradient.map((slope, i) => ((weights[i] ?? 0) * slope) ** 2);
}
