import { bootstrap, resampleCount } from './bootstrap';
import { confusionMatrix, countClasses, macroF1OfCounts, microF1OfCounts } from './classCounts';
import type { MeasuredScores } from './compareScores';
import type { FoldEvaluation, Intervals, OutputFigures } from './evaluation';
import { dealFolds, summarizeFolds } from './kFold';
import { CONFIDENCE_LEVEL } from './limits';
import type { Measure } from './measure';
import type { SampleScores } from './sampleScores';
import { scoreStatistics } from './scoreStatistics';

/** What is asked for beside the figures over all samples. */
export interface SummaryChoice {
  /** k of k-fold; null for none. */
  readonly folds: number | null;
  /** Of the folds' shuffling and of the bootstrap. */
  readonly seed: number;
}

/** The means over all samples with their intervals, the counts of each class, and the figures over folds. */
export function summarizeScores(measured: MeasuredScores, choice: SummaryChoice): OutputFigures {
  const { scores, measure } = measured;
  const { crossEntropy, absoluteError, r2 } = scores;
  return {
    ...hitFigures(scores),
    ...classFigures(scores, measure),
    loss: meanOf(lossOf(scores, measure)),
    lossKind: measure.loss,
    ...(measure.guessedFrom === undefined ? {} : { lossGuessedFrom: measure.guessedFrom }),
    ...(crossEntropy === null ? {} : { crossEntropy: meanOf(crossEntropy) }),
    mse: meanOf(scores.squaredError),
    ...(absoluteError === null ? {} : { mae: meanOf(absoluteError) }),
    ...(r2 === null ? {} : { r2: r2.result() }),
    ...(choice.folds === null ? {} : { kFold: overFolds(measured, choice.folds, choice.seed) }),
    intervals: intervalsOf(measured, choice.seed),
  };
}

function lossOf(scores: SampleScores, measure: Measure): Float64Array {
  return measure.loss === 'mse' || scores.crossEntropy === null
    ? scores.squaredError
    : scores.crossEntropy;
}

function hitFigures({ hits, topHits, topK }: SampleScores): Partial<OutputFigures> {
  return {
    ...(hits === null ? {} : shareOf(hits)),
    ...(topHits === null ? {} : { topK: { k: topK, ...shareOf(topHits) } }),
  };
}

function shareOf(hits: Uint8Array): { readonly accuracy: number; readonly correct: number } {
  const correct = hits.reduce((sum, hit) => sum + hit, 0);
  return { accuracy: correct / hits.length, correct };
}

function classFigures(
  { classes, predicted }: SampleScores,
  { classNames }: Measure,
): Partial<OutputFigures> {
  if (classes === null || predicted === null) return {};
  const counts = countClasses(classes, predicted, classNames.length);
  const confusion = confusionMatrix(classes, predicted, classNames.length);
  return {
    f1: { macro: macroF1OfCounts(counts), micro: microF1OfCounts(counts) },
    ...(confusion === null ? {} : { confusion }),
    perClass: classNames.map((name, i) => ({
      name,
      correct: counts.right[i] ?? 0,
      samples: counts.expectedCounts[i] ?? 0,
    })),
  };
}

function meanOf(values: ArrayLike<number>, of: ArrayLike<number> | null = null): number {
  const count = of?.length ?? values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[of === null ? i : (of[i] ?? 0)] ?? 0;
  return sum / count;
}

function overFolds({ scores, measure }: MeasuredScores, k: number, seed: number): FoldEvaluation {
  const folds = dealFolds(scores.squaredError.length, k, seed);
  const over = (values: ArrayLike<number>) =>
    summarizeFolds(folds.map((samples) => meanOf(values, samples)));
  return {
    folds: k,
    ...(scores.hits === null ? {} : { accuracy: over(scores.hits) }),
    loss: over(lossOf(scores, measure)),
    mse: over(scores.squaredError),
  };
}

function intervalsOf(measured: MeasuredScores, seed: number): Intervals {
  const statistics = Object.entries(scoreStatistics(measured));
  const sampleCount = measured.scores.squaredError.length;
  const found = bootstrap(
    statistics.map(([, statistic]) => statistic),
    sampleCount,
    seed,
  );
  const intervals = statistics.map(([name], i) => [name, found[i]?.interval]);
  return {
    level: CONFIDENCE_LEVEL,
    method: 'bootstrap-bca',
    resamples: resampleCount(sampleCount),
    ...(Object.fromEntries(intervals) as Partial<Intervals>),
  };
}
