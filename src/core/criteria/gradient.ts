import type { Values } from '../model/decodeValues';

/**
 * The loss's gradient: |dL/dw|, L the mean loss over the data. Needs data with labels and a network that can
 * be differentiated; one pass forward and back. Source, of the derivative as a weight's sensitivity: Karnin, A simple
 * procedure for pruning back-propagation trained neural networks, 1990.
 * @param gradient dL/dw, one a weight
 */
export function gradientScore(gradient: Values): Values {
  return gradient.map(Math.abs);
}
