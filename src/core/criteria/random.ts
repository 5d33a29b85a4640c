import { hashedRun, hashedUniforms, spoilNonFinite } from '../kernels/hashKernel';

/** Weights, and as many scores. */
export interface RandomlyScored {
  readonly weights: Float32Array | Float64Array;
  /** Receives them; NaN where a weight is NaN or infinite, which must not go. */
  readonly scores: Float32Array;
}

/**
 * Random scores, the baseline that any other criterion must beat: uniform in [0, 1), the same for the same seed,
 * name of the tensor and flat index, whatever else is scored, in which order, and on which machine. Needs
 * nothing. 24 random bits a score, as a float32 holds; linear in the weights.
 * Source: Li et al., Revisiting random channel pruning for neural network compression, 2022, on the baseline; the
 * numbers are a hash of their place (see {@link hashedUniforms}).
 * @param key of {@link randomKey}
 * @param flatIndices in C order, one a score; a number: that of the first of a run
 */
export function randomScoresInPlace(
  key: number,
  flatIndices: Float64Array | number,
  { weights, scores }: RandomlyScored,
): void {
  if (typeof flatIndices === 'number') hashedRun(key, flatIndices, scores);
  else hashedUniforms(key, flatIndices, scores);
  spoilNonFinite(scores, weights);
}

/** 32 bits that a seed and a tensor's name make: FNV-1a over its UTF-8, begun at the seed. */
export function randomKey(seed: number, tensorName: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (const byte of new TextEncoder().encode(tensorName)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
