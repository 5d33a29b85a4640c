import { fisherScore } from '../../core/criteria/fisher';
import { deltaMseScore, outputSensitivityScore } from '../../core/criteria/outputSensitivity';
import { lossSquares, outputCount, outputSquares, weightsOf } from './gradientSums';
import type { ScoredArray, ScoringRun } from './scoringRun';

/** The mean over samples of (d l_n / dw)^2. */
export async function* fisherScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const squares = await lossSquares(run);
  for (const { name, shape } of run.tensors) {
    yield { name, shape, values: fisherScore(squares.of(name), run.dataset.sampleCount) };
  }
}

/** The mean over samples of the sum over outputs of (d f_k / dw)^2, or what the outputs change by without a weight. */
export async function* outputSensitivityScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const squares = await outputSquares(run);
  const outputs = outputCount(run);
  for (const { name, shape } of run.tensors) {
    const sensitivity = outputSensitivityScore(squares.of(name), run.dataset.sampleCount);
    const values =
      run.request.options.sensitivity === 'delta-mse'
        ? deltaMseScore(await weightsOf(run, name), sensitivity, outputs)
        : sensitivity;
    yield { name, shape, values };
  }
}
