import { bootstrap, type BootstrapResult } from './bootstrap';
import type { PairedDifference } from './comparison';
import type { MeasuredScores } from './compareScores';
import type { ModelFigures, VariantFigures } from './evaluateMany';
import { mcNemarTest } from './mcNemar';
import { meanStatistic, type SampleStatistic } from './sampleStatistic';

/** What the figures of one version of a model are made of, a number a sample. */
export interface FigureScores {
  /** 1 where the class is right; null where labels are no classes. */
  readonly hits: Float64Array | null;
  readonly losses: Float64Array;
}

/** The part of an output's scores that {@link manyFigures} needs. */
export function figureScores({ scores, measure }: MeasuredScores): FigureScores {
  const { hits, crossEntropy, squaredError } = scores;
  const isSquared = measure.loss === 'mse' || crossEntropy === null;
  return {
    hits: hits === null ? null : Float64Array.from(hits),
    losses: isSquared ? squaredError : crossEntropy,
  };
}

/**
 * Accuracy and loss of a model and of versions of it, with the intervals that an evaluation with the same seed
 * gives, and each version's differences from the original on the same samples. One set of draws serves all:
 * O(resamples · samples · versions).
 */
export function manyFigures(
  original: FigureScores,
  variants: readonly FigureScores[],
  seed: number,
): { readonly original: ModelFigures; readonly variants: readonly VariantFigures[] } {
  const versions = [original, ...variants].map((scores, i) => ({
    scores,
    loss: meanStatistic(scores.losses),
    accuracy: scores.hits && meanStatistic(scores.hits),
    lossChange: i === 0 ? null : changeOf(original.losses, scores.losses),
    accuracyChange: i === 0 ? null : changeOf(original.hits, scores.hits),
  }));
  const statistics = versions.flatMap(({ loss, accuracy, lossChange, accuracyChange }) =>
    [loss, accuracy, lossChange, accuracyChange].filter((one) => one !== null),
  );
  const found = bootstrap(statistics, original.losses.length, seed);
  const results = new Map(statistics.map((statistic, i) => [statistic, found[i]]));
  const [first, ...others] = versions;
  if (first === undefined) throw new Error('a bootstrap lost the original');
  return {
    original: figuresOf(first, results),
    variants: others.map((version) => ({
      ...figuresOf(version, results),
      differences: differencesOf(version, original, results),
    })),
  };
}

interface Version {
  readonly scores: FigureScores;
  readonly loss: SampleStatistic;
  readonly accuracy: SampleStatistic | null;
  readonly lossChange: SampleStatistic | null;
  readonly accuracyChange: SampleStatistic | null;
}

type Results = ReadonlyMap<SampleStatistic, BootstrapResult | undefined>;

/** The mean of differences is the difference of means. */
function changeOf(before: Float64Array | null, after: Float64Array | null): SampleStatistic | null {
  if (before === null || after === null) return null;
  return meanStatistic(after.map((value, i) => value - (before[i] ?? NaN)));
}

function figuresOf({ scores, loss, accuracy }: Version, results: Results): ModelFigures {
  const intervals = { loss: resultOf(results, loss).interval };
  if (accuracy === null || scores.hits === null) return { loss: loss.value, intervals };
  return {
    accuracy: accuracy.value,
    correct: scores.hits.reduce((sum, hit) => sum + hit, 0),
    loss: loss.value,
    intervals: { accuracy: resultOf(results, accuracy).interval, ...intervals },
  };
}

function differencesOf(
  { scores, lossChange, accuracyChange }: Version,
  original: FigureScores,
  results: Results,
): readonly PairedDifference[] {
  const differences: PairedDifference[] = [];
  if (accuracyChange !== null && scores.hits !== null && original.hits !== null) {
    const { interval } = resultOf(results, accuracyChange);
    const test = mcNemarTest(original.hits, scores.hits);
    differences.push({ measure: 'accuracy', difference: accuracyChange.value, interval, test });
  }
  if (lossChange !== null) {
    const { interval, pValue } = resultOf(results, lossChange);
    const test = { method: 'bootstrap', pValue } as const;
    differences.push({ measure: 'loss', difference: lossChange.value, interval, test });
  }
  return differences;
}

function resultOf(results: Results, statistic: SampleStatistic): BootstrapResult {
  const result = results.get(statistic);
  if (result === undefined) throw new Error('a bootstrap lost its statistic');
  return result;
}
