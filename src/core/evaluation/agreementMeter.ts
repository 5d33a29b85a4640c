import type { DenseArray } from '../graph/executor';
import type { Agreement } from './comparison';
import { indexOfLargest, logSumExp, type Row, SMALLEST_PROBABILITY } from './sampleMetrics';

/** How an output is read as a distribution over classes; null where it is none. */
export type DistributionKind = 'probabilities' | 'logits' | null;

/** Compares two outputs sample by sample as they come. */
export class AgreementMeter {
  #samples = 0;
  #sameLargest = 0;
  #cosines = 0;
  #divergence = 0;
  #absolute = 0;
  #largest = 0;
  #elements = 0;
  readonly #kinds: readonly [DistributionKind, DistributionKind];

  constructor(kinds: readonly [DistributionKind, DistributionKind]) {
    this.#kinds = kinds;
  }

  /** A batch of both outputs, of the same shape. */
  add(before: DenseArray, after: DenseArray, sampleCount: number): void {
    const count = before.values.length / Math.max(1, sampleCount);
    for (let i = 0; i < sampleCount; i++) {
      const [from, to] = [i * count, (i + 1) * count];
      this.#addSample(before.values.subarray(from, to), after.values.subarray(from, to));
    }
  }

  #addSample(before: Row, after: Row): void {
    this.#samples += 1;
    this.#elements += before.length;
    this.#sameLargest += Number(indexOfLargest(before) === indexOfLargest(after));
    this.#cosines += cosine(before, after);
    for (let i = 0; i < before.length; i++) {
      const away = difference(before[i] ?? NaN, after[i] ?? NaN);
      this.#absolute += away;
      // Not Math.max alone: a difference that is not a number must stay seen.
      this.#largest = Number.isNaN(away) ? NaN : Math.max(this.#largest, away);
    }
    const [first, second] = this.#kinds;
    if (first !== null && second !== null) {
      this.#divergence += divergence(logShares(before, first), logShares(after, second));
    }
  }

  /** @returns null when nothing was compared. */
  result(): Agreement | null {
    if (this.#samples === 0) return null;
    const perSample = this.#elements / this.#samples;
    const isDistribution = perSample > 1 && !this.#kinds.includes(null);
    return {
      ...(perSample > 1 ? { top1: this.#sameLargest / this.#samples } : {}),
      meanCosine: this.#cosines / this.#samples,
      ...(isDistribution ? { klDivergence: this.#divergence / this.#samples } : {}),
      maxAbsDifference: this.#largest,
      meanAbsDifference: this.#absolute / this.#elements,
    };
  }
}

/** Equal infinities differ by nothing. */
function difference(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b);
}

/** 1 of two outputs that are all zero, 0 of one. */
function cosine(a: Row, b: Row): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  if (squaresA === 0 || squaresB === 0) return Number(squaresA === squaresB);
  return product / Math.sqrt(squaresA * squaresB);
}

/** ln p of each class, with p raised to {@link SMALLEST_PROBABILITY}. */
function logShares(row: Row, kind: Exclude<DistributionKind, null>): Float64Array {
  const least = Math.log(SMALLEST_PROBABILITY);
  if (kind === 'probabilities') {
    return Float64Array.from(row, (p) => Math.log(Math.max(p, SMALLEST_PROBABILITY)));
  }
  const normalizer = logSumExp(row);
  return Float64Array.from(row, (logit) => Math.max(least, logit - normalizer));
}

/** Σ p (ln p - ln q). Source: Kullback and Leibler, On information and sufficiency, 1951. */
function divergence(logP: Float64Array, logQ: Float64Array): number {
  return logP.reduce((sum, p, i) => sum + Math.exp(p) * (p - (logQ[i] ?? NaN)), 0);
}
