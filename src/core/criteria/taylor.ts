import type { Values } from '../model/decodeValues';

/**
 * First-order Taylor estimate of what the loss changes by without a weight: |w dL/dw|, L the mean loss over
 * the data. Needs data with labels and a network that can be differentiated; one pass forward and back. Source:
 * Molchanov et al., Pruning convolutional neural networks for resource efficient inference, 2017.
 * @param weights one a weight
 * @param gradient dL/dw, as many
 */
export function taylorScore(weights: Values, gradient: Values): Values {
  return gradient.map((slope, i) => Math.abs((weights[i] ?? 0) * slope));
}

/** The same with its sign, so that units can add the changes of their weights before they take the absolute. */
export function signedTaylorScore(weights: Values, gradient: Values): Values {
  return gradient.map((slope, i) => (weights[i] ?? 0) * slope);
}
