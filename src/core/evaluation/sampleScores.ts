import type { DenseArray } from '../graph/executor';
import type { Targets } from './dataset';
import { DEFAULT_TOP_K, MAX_KEPT_VALUES } from './limits';
import type { Measure } from './measure';
import { R2Meter, type ValuePairs } from './r2';
import {
  absoluteError,
  crossEntropyOfClass,
  crossEntropyOfClassLogits,
  crossEntropyOfShareLogits,
  crossEntropyOfShares,
  indexOfLargest,
  isAmongLargest,
  type Row,
  squaredError,
  squaredErrorOfClass,
} from './sampleMetrics';

/** The figures of each sample, in float64, from which every mean is taken. */
export interface SampleScores {
  readonly squaredError: Float64Array;
  /** Of values only. */
  readonly absoluteError: Float64Array | null;
  /** null where outputs are neither probabilities nor logits. */
  readonly crossEntropy: Float64Array | null;
  /** The expected class of each sample; null for values. */
  readonly classes: Float64Array | null;
  /** The class that won, -1 where none did; null for values. */
  readonly predicted: Int32Array | null;
  /** 1 where the expected class won; null for values. */
  readonly hits: Uint8Array | null;
  /** 1 where the expected class was among the k largest; null where k is not below the classes. */
  readonly topHits: Uint8Array | null;
  /** The k of {@link topHits}. */
  readonly topK: number;
  /** Of values only. */
  readonly r2: R2Meter | null;
  /** What the interval of R² is drawn from; null for classes, and beyond MAX_KEPT_VALUES. */
  readonly pairs: ValuePairs | null;
}

/** Scores of how many samples, and what is known of them. */
export interface ScoreFrame {
  readonly sampleCount: number;
  /** Numbers of the output a sample. */
  readonly outputCount: number;
  readonly measure: Measure;
  readonly targets: Targets;
  /** k of top-k; DEFAULT_TOP_K when absent. */
  readonly topK?: number | undefined;
}

/** Scores yet to be filled by {@link scoreBatch}. */
export function emptyScores(frame: ScoreFrame): SampleScores {
  const { sampleCount, outputCount, measure, targets, topK = DEFAULT_TOP_K } = frame;
  const areClasses = measure.targets !== 'values';
  const hasTop = areClasses && topK < outputCount;
  const keepsPairs = !areClasses && sampleCount * outputCount <= MAX_KEPT_VALUES;
  return {
    squaredError: new Float64Array(sampleCount),
    absoluteError: areClasses ? null : new Float64Array(sampleCount),
    crossEntropy: measure.outputs === null ? null : new Float64Array(sampleCount),
    classes: areClasses ? expectedClasses(targets, sampleCount) : null,
    predicted: areClasses ? new Int32Array(sampleCount) : null,
    hits: areClasses ? new Uint8Array(sampleCount) : null,
    topHits: hasTop ? new Uint8Array(sampleCount) : null,
    topK,
    r2: areClasses ? null : new R2Meter(outputCount),
    pairs: keepsPairs ? emptyPairs(sampleCount, outputCount) : null,
  };
}

function expectedClasses(targets: Targets, sampleCount: number): Float64Array {
  return targets.kind === 'column' ? targets.values : new Float64Array(sampleCount);
}

function emptyPairs(sampleCount: number, width: number): ValuePairs {
  const [squaredErrors, expected] = [0, 0].map(() => new Float64Array(sampleCount * width));
  return {
    width,
    squaredErrors: squaredErrors ?? new Float64Array(0),
    expected: expected ?? new Float64Array(0),
  };
}

/** What a batch is held against. */
export interface Expected {
  /** Of array targets, sample by sample. */
  readonly rows: Row;
  readonly targets: Targets;
  readonly measure: Measure;
  /** Samples of the batch; a network may give more numbers than these, but not more samples. */
  readonly sampleCount: number;
}

/** Writes the figures of a batch into `scores`, from sample `first` on. */
export function scoreBatch(
  scores: SampleScores,
  first: number,
  output: DenseArray,
  expected: Expected,
): void {
  const { sampleCount, measure } = expected;
  const count = output.values.length / Math.max(1, sampleCount);
  for (let i = 0; i < sampleCount; i++) {
    const sample = first + i;
    const row = output.values.subarray(i * count, (i + 1) * count);
    const wanted = expectedRow(expected, sample, i);
    switch (measure.targets) {
      case 'classes':
        scoreClass(scores, sample, row, measure);
        break;
      case 'shares':
        scoreShares(scores, sample, row, { wanted, measure });
        break;
      case 'values':
        scoreValues(scores, sample, row, { wanted, measure });
    }
  }
}

function expectedRow({ rows, targets }: Expected, sample: number, indexInBatch: number): Row {
  if (targets.kind === 'column') return targets.values.subarray(sample, sample + 1);
  const count = targets.elementsPerSample;
  return rows.subarray(indexInBatch * count, (indexInBatch + 1) * count);
}

interface Wanted {
  readonly wanted: Row;
  readonly measure: Measure;
}

function scoreValues(
  scores: SampleScores,
  sample: number,
  row: Row,
  { wanted, measure }: Wanted,
): void {
  scores.squaredError[sample] = squaredError(row, wanted);
  if (scores.absoluteError !== null) scores.absoluteError[sample] = absoluteError(row, wanted);
  if (scores.crossEntropy !== null) {
    scores.crossEntropy[sample] = crossEntropyAgainst(row, wanted, measure);
  }
  scores.r2?.add(row, wanted);
  if (scores.pairs !== null) keepPair(scores.pairs, sample, row, wanted);
}

function keepPair(
  { width, squaredErrors, expected }: ValuePairs,
  sample: number,
  row: Row,
  wanted: Row,
): void {
  for (let i = 0; i < width; i++) {
    const value = wanted[i] ?? NaN;
    expected[sample * width + i] = value;
    squaredErrors[sample * width + i] = ((row[i] ?? NaN) - value) ** 2;
  }
}

function scoreShares(
  scores: SampleScores,
  sample: number,
  row: Row,
  { wanted, measure }: Wanted,
): void {
  const label = indexOfLargest(wanted);
  if (scores.classes !== null) scores.classes[sample] = label;
  scores.squaredError[sample] = squaredError(row, wanted);
  if (scores.crossEntropy !== null) {
    scores.crossEntropy[sample] = crossEntropyAgainst(row, wanted, measure);
  }
  scoreWinner(scores, sample, row, { label, measure });
}

function crossEntropyAgainst(row: Row, wanted: Row, { outputs }: Measure): number {
  const crossEntropy = outputs === 'logits' ? crossEntropyOfShareLogits : crossEntropyOfShares;
  return crossEntropy(row, wanted);
}

function scoreClass(scores: SampleScores, sample: number, row: Row, measure: Measure): void {
  const label = scores.classes?.[sample] ?? -1;
  scores.squaredError[sample] = squaredErrorOfClass(row, label);
  if (scores.crossEntropy !== null) {
    const logits = measure.outputs === 'logits';
    const crossEntropy = logits ? crossEntropyOfClassLogits : crossEntropyOfClass;
    scores.crossEntropy[sample] = crossEntropy(row, label);
  }
  scoreWinner(scores, sample, row, { label, measure });
}

function scoreWinner(
  { predicted, hits, topHits, topK }: SampleScores,
  sample: number,
  row: Row,
  { label, measure }: { readonly label: number; readonly measure: Measure },
): void {
  const winner = predictedClass(row, measure.outputs === 'logits');
  if (predicted !== null) predicted[sample] = winner;
  if (hits !== null) hits[sample] = Number(winner === label);
  if (topHits !== null) topHits[sample] = Number(isAmongLargest(row, label, topK));
}

/** A single output means class 1 above one half, or as a logit above 0. */
function predictedClass(row: Row, logits: boolean): number {
  if (row.length > 1) return indexOfLargest(row);
  const value = row[0] ?? NaN;
  return Number.isNaN(value) ? -1 : Number(value > (logits ? 0 : 0.5));
}
