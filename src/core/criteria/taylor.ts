import type { Values } from '../model/decodeValues';

/**
 * First-order Taylor estimate of what the loss changes by without a weight: |w dL/dw|, L the mean loss over
 * the data. Source: Molchanov et al., Pruning convolutional neural networks for resource efficient inference,
 * 2017.
 * @param weights one a weight
 * @param gradient dL/dw, as many
 */
export function taylorScore(weights: Values, gradient: Float64Array): Float64Array {
  return gradient.map((slope, i) => Math.abs((weights[i] ?? 0) * slope));
}
