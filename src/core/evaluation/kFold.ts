import { UsageError } from '../errors';
import { createRandom, shuffledIndices } from '../random';
import type { FoldSummary } from './evaluation';

/**
 * Deals samples into folds: shuffled by the seed, then cut one after the other, so that the first
 * (samples mod folds) are one larger.
 * @returns the sample indices of each fold
 * @throws UsageError for fewer than 2 folds, or more folds than samples.
 */
export function dealFolds(
  sampleCount: number,
  folds: number,
  seed: number,
): readonly Uint32Array[] {
  if (!Number.isInteger(folds) || folds < 2 || folds > sampleCount) {
    throw new UsageError(
      `folds: ${folds}; allowed: whole numbers from 2 to the ${sampleCount} samples of the data`,
    );
  }
  const shuffled = shuffledIndices(sampleCount, createRandom(seed));
  const size = Math.floor(sampleCount / folds);
  const larger = sampleCount % folds;
  return Array.from({ length: folds }, (_, fold) => {
    const start = fold * size + Math.min(fold, larger);
    return shuffled.subarray(start, start + size + (fold < larger ? 1 : 0));
  });
}

/** Mean and population deviation over folds, each fold counting the same. */
export function summarizeFolds(figures: readonly number[]): FoldSummary {
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  const squares = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / figures.length) };
}
