import type { MeasuredScores } from './compareScores';
import type { MeasureName } from './evaluation';
import { r2Statistic } from './r2';
import { macroF1Statistic, meanStatistic, type SampleStatistic } from './sampleStatistic';

/** The figures of an output that can be taken again of drawn samples, by name. */
export function scoreStatistics({
  scores,
  measure,
}: MeasuredScores): Partial<Record<MeasureName, SampleStatistic>> {
  const { hits, topHits, classes, predicted, crossEntropy, squaredError, absoluteError, pairs } =
    scores;
  const losses = measure.loss === 'mse' || crossEntropy === null ? squaredError : crossEntropy;
  return {
    ...(hits === null ? {} : { accuracy: meanStatistic(hits) }),
    ...(topHits === null ? {} : { topK: meanStatistic(topHits) }),
    ...(classes === null || predicted === null
      ? {}
      : { macroF1: macroF1Statistic(classes, predicted, measure.classNames.length) }),
    loss: meanStatistic(losses),
    ...(absoluteError === null ? {} : { mae: meanStatistic(absoluteError) }),
    ...(pairs === null ? {} : { r2: r2Statistic(pairs) }),
  };
}
