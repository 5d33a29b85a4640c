import { rankedAscending } from '../kernels/lampKernels';

/**
 * LAMP, the magnitude of a weight adapted to its layer: w_u^2 / sum of w_v^2 over the layer's weights v that rank
 * at or above u. Ranked ascending by |w|, of equal ones the first in C order first; so equal weights have
 * unlike scores, and the largest weight of every layer scores 1. Zeros score 0, NaN and infinite weights NaN:
 * they are in no sum. By the weights alone; compared over all layers together.
 * Cost: n log n; some 30 bytes a weight. Source: Lee et al., Layer-adaptive sparsity for the magnitude-based pruning,
 * 2021.
 * @param weights of one layer, in C order
 */
export function lampScores(weights: Float32Array | Float64Array): Float64Array<ArrayBuffer> {
  const scores = new Float64Array(weights.length).fill(NaN);
  const ranked = rankedAscending(weights);
  let sum = 0;
  for (let rank = ranked.length - 1; rank >= 0; rank--) {
    const index = ranked[rank] ?? 0;
    const square = (weights[index] ?? 0) ** 2;
    sum += square;
    scores[index] = lampScore(square, sum);
  }
  return scores;
}

/**
 * One score.
 * @param square w^2
 * @param sum of the squares that rank at or above it, its own included
 */
export function lampScore(square: number, sum: number): number {
  return square === 0 ? 0 : square / sum;
}
