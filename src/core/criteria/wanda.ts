import { timesRootsInPlace } from '../kernels/squareSumKernels';
import type { Values } from '../model/decodeValues';

/**
 * Wanda: |W_ij| ||X_j||_2, the weight's magnitude times the norm of what it is multiplied with, over all
 * calibration samples and positions. For a convolution X_j is the column of the unfolded patches: the input
 * channel as that place of the window sees it, with the padding's zeros. For an embedding it is one-hot. Compared
 * within each output row (neuron, filter, gate of a hidden unit), see `selectRows`. Needs data without labels;
 * one forward pass, squares summed in float64.
 * Source: Sun et al., A simple and effective pruning approach for large language models, 2024.
 * @param weights one a weight
 * @param squares of the norms, as many
 */
export function wandaScore(weights: Values, squares: Float64Array): Values {
  const scores = weights.slice();
  timesRootsInPlace(scores, squares);
  return scores;
}
