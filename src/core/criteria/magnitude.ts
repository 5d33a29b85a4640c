import type { Values } from '../model/decodeValues';

/**
 * Magnitude: |w|. By the weights alone; compared within a layer or over all, in the weights' own precision; linear, and
 * a chunk of weights in memory. Selections rank by the bits of w without its sign, which order as |w| does.
 * Source: Han et al., Learning both weights and connections for efficient neural networks, 2015; L1Unstructured of
 * torch.nn.utils.prune.
 * @param weights in any order
 * @returns one a weight; NaN where the weight is
 */
export function magnitudeScore(weights: Values): Values {
  return weights.map(Math.abs);
}
