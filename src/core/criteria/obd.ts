import type { Values } from '../model/decodeValues';

/** Random vectors that estimate the exact Hessian's diagonal, where nothing else is said. */
export const DEFAULT_PROBES = 32;

/**
 * Optimal brain damage: the second-order estimate of what the mean loss rises by without a weight, w^2 H_ii / 2, H_ii
 * the second derivative of the mean loss by that weight alone. H_ii is the empirical Fisher information, or the
 * Gauss-Newton diagonal, or exact, or estimated by chance (Hutchinson); the exact one may be negative. Needs data with
 * labels and a network that can be differentiated, of the last two operators with second derivatives. Passes forward and
 * back over the data: one a sample or output, one a weight (exact), one a random vector (Hutchinson).
 * Source: LeCun, Denker and Solla, Optimal brain damage, 1990.
 * @param weights one a weight
 * @param curvature H_ii, as many
 */
export function obdScore(weights: Values, curvature: Values): Values {
  return curvature.map((second, i) => ((weights[i] ?? 0) ** 2 * second) / 2);
}
