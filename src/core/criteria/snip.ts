import type { Values } from '../model/decodeValues';

/**
 * SNIP: a weight's share in the sensitivity of the loss to all scored weights, |w dL/dw| / sum |w dL/dw|, L the mean
 * loss over the data. Needs data with labels and a network that can be differentiated; one pass forward and back.
 * Source: Lee et al., SNIP: single-shot network pruning based on connection sensitivity, 2019.
 * @param sensitivity |w dL/dw|, one a weight
 * @param total of all scored weights together; where it is 0 all shares are
 */
export function snipScore(sensitivity: Values, total: number): Values {
  return sensitivity.map((value) => (total === 0 ? 0 : value / total));
}
