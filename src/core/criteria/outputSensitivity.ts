import type { Values } from '../model/decodeValues';

/**
 * Output sensitivity: the mean over samples of the sum over outputs k of (d f_k / dw)^2, f all that the network gives.
 * Needs data without labels; as many passes back as the network has outputs, by sample where it is not all dense.
 * Source: Engelbrecht, A new pruning heuristic based on variance analysis of sensitivity information, 2001.
 * @param squares summed over all samples and outputs, one a weight
 */
export function outputSensitivityScore(squares: Values, samples: number): Values {
  return squares.map((sum) => sum / samples);
}

/**
 * Delta MSE to first order: what the outputs change by, as their mean squared difference over samples and outputs,
 * when a weight becomes 0: w^2 times the output sensitivity, over the number of outputs.
 * @param weights one a weight
 * @param sensitivity as many, see {@link outputSensitivityScore}
 */
export function deltaMseScore(weights: Values, sensitivity: Values, outputs: number): Values {
  return sensitivity.map((value, i) => ((weights[i] ?? 0) ** 2 * value) / outputs);
}
