import type { Evaluation, FoldEvaluation } from './evaluation';
import { dealFolds, summarizeFolds } from './kFold';
import type { Measure } from './measure';
import type { SampleScores } from './sampleScores';

export interface FoldChoice {
  readonly folds: number;
  readonly seed: number;
}

/** The means over all samples, the counts of each class, and with `kFold` the figures over folds. */
export function summarizeScores(
  scores: SampleScores,
  measure: Measure,
  kFold: FoldChoice | null,
): Evaluation {
  const samples = scores.squaredError.length;
  const lossValues = lossOf(scores, measure);
  return {
    samples,
    ...(scores.hits === null ? {} : accuracyOf(scores.hits)),
    loss: meanOf(lossValues),
    lossKind: measure.loss,
    ...(scores.crossEntropy === null ? {} : { crossEntropy: meanOf(scores.crossEntropy) }),
    mse: meanOf(scores.squaredError),
    ...(scores.hits === null || scores.classes === null
      ? {}
      : { perClass: countClasses(scores.hits, scores.classes, measure.classNames) }),
    ...(kFold === null ? {} : { kFold: overFolds(scores, measure, kFold) }),
  };
}

function lossOf(scores: SampleScores, measure: Measure): Float64Array {
  return measure.loss === 'mse' || scores.crossEntropy === null
    ? scores.squaredError
    : scores.crossEntropy;
}

function accuracyOf(hits: Uint8Array): { readonly accuracy: number; readonly correct: number } {
  const correct = hits.reduce((sum, hit) => sum + hit, 0);
  return { accuracy: correct / hits.length, correct };
}

function meanOf(values: ArrayLike<number>, of: ArrayLike<number> | null = null): number {
  const count = of?.length ?? values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[of === null ? i : (of[i] ?? 0)] ?? 0;
  return sum / count;
}

function countClasses(
  hits: Uint8Array,
  classes: Float64Array,
  names: readonly string[],
): NonNullable<Evaluation['perClass']> {
  const correct = new Array<number>(names.length).fill(0);
  const samples = new Array<number>(names.length).fill(0);
  classes.forEach((label, i) => {
    samples[label] = (samples[label] ?? 0) + 1;
    correct[label] = (correct[label] ?? 0) + (hits[i] ?? 0);
  });
  return names.map((name, i) => ({ name, correct: correct[i] ?? 0, samples: samples[i] ?? 0 }));
}

function overFolds(scores: SampleScores, measure: Measure, choice: FoldChoice): FoldEvaluation {
  const folds = dealFolds(scores.squaredError.length, choice.folds, choice.seed);
  const over = (values: ArrayLike<number>) =>
    summarizeFolds(folds.map((samples) => meanOf(values, samples)));
  return {
    folds: choice.folds,
    ...(scores.hits === null ? {} : { accuracy: over(scores.hits) }),
    loss: over(lossOf(scores, measure)),
    mse: over(scores.squaredError),
  };
}
