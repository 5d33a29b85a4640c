import type { DenseArray } from '../graph/executor';
import type { Batch, Targets } from './dataset';
import type { Measure } from './measure';
import {
  crossEntropyOfClass,
  crossEntropyOfClassLogits,
  crossEntropyOfShareLogits,
  crossEntropyOfShares,
  indexOfLargest,
  type Row,
  squaredError,
  squaredErrorOfClass,
} from './sampleMetrics';

/** The figures of each sample, in float64, from which every mean is taken. */
export interface SampleScores {
  readonly squaredError: Float64Array;
  /** null where outputs are neither probabilities nor logits. */
  readonly crossEntropy: Float64Array | null;
  /** 1 where the expected class won; null for values. */
  readonly hits: Uint8Array | null;
  /** The expected class of each sample; null for values. */
  readonly classes: Float64Array | null;
}

/** Scores yet to be filled by {@link scoreBatch}. */
export function emptyScores(sampleCount: number, measure: Measure, targets: Targets): SampleScores {
  const classes = measure.targets === 'classes' && targets.kind === 'column';
  return {
    squaredError: new Float64Array(sampleCount),
    crossEntropy: measure.outputs === null ? null : new Float64Array(sampleCount),
    hits: classes ? new Uint8Array(sampleCount) : null,
    classes: classes ? targets.values : null,
  };
}

/** Writes the figures of a batch into `scores`, from sample `first` on. */
export function scoreBatch(
  scores: SampleScores,
  first: number,
  output: DenseArray,
  expected: { readonly batch: Batch; readonly targets: Targets; readonly measure: Measure },
): void {
  const [samples = 0] = output.shape;
  const count = output.values.length / Math.max(1, samples);
  for (let i = 0; i < samples; i++) {
    const sample = first + i;
    const row = output.values.subarray(i * count, (i + 1) * count);
    if (scores.classes === null) {
      const wanted = expectedRow(expected.batch, expected.targets, sample, i);
      scoreValues(scores, sample, row, { wanted, measure: expected.measure });
    } else {
      scoreClass(scores, sample, row, expected.measure);
    }
  }
}

function expectedRow(batch: Batch, targets: Targets, sample: number, indexInBatch: number): Row {
  if (targets.kind === 'column') return targets.values.subarray(sample, sample + 1);
  const count = targets.elementsPerSample;
  return (
    batch.targets[0]?.subarray(indexInBatch * count, (indexInBatch + 1) * count) ??
    new Float64Array(0)
  );
}

function scoreValues(
  scores: SampleScores,
  sample: number,
  row: Row,
  { wanted, measure }: { readonly wanted: Row; readonly measure: Measure },
): void {
  scores.squaredError[sample] = squaredError(row, wanted);
  if (scores.crossEntropy === null) return;
  const crossEntropy =
    measure.outputs === 'logits' ? crossEntropyOfShareLogits : crossEntropyOfShares;
  scores.crossEntropy[sample] = crossEntropy(row, wanted);
}

function scoreClass(scores: SampleScores, sample: number, row: Row, measure: Measure): void {
  const label = scores.classes?.[sample] ?? -1;
  const logits = measure.outputs === 'logits';
  scores.squaredError[sample] = squaredErrorOfClass(row, label);
  if (scores.crossEntropy !== null) {
    const crossEntropy = logits ? crossEntropyOfClassLogits : crossEntropyOfClass;
    scores.crossEntropy[sample] = crossEntropy(row, label);
  }
  if (scores.hits !== null) scores.hits[sample] = Number(predictedClass(row, logits) === label);
}

/** A single output means class 1 above one half, or as a logit above 0. */
function predictedClass(row: Row, logits: boolean): number {
  if (row.length > 1) return indexOfLargest(row);
  const value = row[0] ?? NaN;
  return Number.isNaN(value) ? -1 : Number(value > (logits ? 0 : 0.5));
}
