import { bootstrap } from './bootstrap';
import type { PairedDifference } from './comparison';
import type { MeasuredScores } from './compareScores';
import type { ModelFigures, VariantFigures } from './evaluateMany';
import type { Interval } from './evaluation';
import { mcNemarTest } from './mcNemar';
import { differenceStatistic, meanStatistic, type SampleStatistic } from './sampleStatistic';

/**
 * Accuracy and loss of a model with their intervals: what an evaluation with the same seed gives.
 * O(resamples · samples).
 */
export function modelFigures(scored: MeasuredScores, seed: number): ModelFigures {
  const { loss, accuracy } = statisticsOf(scored);
  const statistics = accuracy === null ? [loss] : [loss, accuracy];
  const [ofLoss, ofAccuracy] = bootstrap(statistics, sampleCountOf(scored), seed);
  if (ofLoss === undefined) throw new Error('a bootstrap lost its statistic');
  return {
    ...hitFigures(scored),
    loss: loss.value,
    intervals: {
      ...(ofAccuracy === undefined ? {} : { accuracy: ofAccuracy.interval }),
      loss: ofLoss.interval,
    },
  };
}

/** The same of a cut model, with its differences from the original on the same samples. */
export function variantFigures(
  original: MeasuredScores,
  variant: MeasuredScores,
  seed: number,
): VariantFigures {
  const [before, after] = [statisticsOf(original), statisticsOf(variant)];
  const lossChange = differenceStatistic(before.loss, after.loss);
  const accuracyChange =
    before.accuracy === null || after.accuracy === null
      ? null
      : differenceStatistic(before.accuracy, after.accuracy);
  const changes = accuracyChange === null ? [lossChange] : [lossChange, accuracyChange];
  const [ofLoss, ofAccuracy] = bootstrap(changes, sampleCountOf(variant), seed);
  if (ofLoss === undefined) throw new Error('a bootstrap lost its statistic');
  const { interval, pValue } = ofLoss;
  return {
    ...modelFigures(variant, seed),
    differences: [
      ...(accuracyChange === null || ofAccuracy === undefined
        ? []
        : accuracyDifference(original, variant, {
            difference: accuracyChange.value,
            interval: ofAccuracy.interval,
          })),
      {
        measure: 'loss',
        difference: lossChange.value,
        interval,
        test: { method: 'bootstrap', pValue },
      },
    ],
  };
}

function accuracyDifference(
  original: MeasuredScores,
  variant: MeasuredScores,
  found: { readonly difference: number; readonly interval: Interval },
): PairedDifference[] {
  const [before, after] = [original.scores.hits, variant.scores.hits];
  if (before === null || after === null) return [];
  return [{ measure: 'accuracy', ...found, test: mcNemarTest(before, after) }];
}

interface FigureStatistics {
  readonly accuracy: SampleStatistic | null;
  readonly loss: SampleStatistic;
}

function statisticsOf({ scores, measure }: MeasuredScores): FigureStatistics {
  const { hits, crossEntropy, squaredError } = scores;
  const losses = measure.loss === 'mse' || crossEntropy === null ? squaredError : crossEntropy;
  return { accuracy: hits === null ? null : meanStatistic(hits), loss: meanStatistic(losses) };
}

function hitFigures({ scores }: MeasuredScores): Pick<ModelFigures, 'accuracy' | 'correct'> {
  if (scores.hits === null) return {};
  const correct = scores.hits.reduce((sum, hit) => sum + hit, 0);
  return { accuracy: correct / scores.hits.length, correct };
}

function sampleCountOf({ scores }: MeasuredScores): number {
  return scores.squaredError.length;
}
