import { float32FromBits } from '../kernels/float32Bits';
import {
  countFirstLevel,
  countLevel,
  FLOAT32_LEVELS,
  FLOAT64_LEVELS,
  float64FromWords,
  type MagnitudeRange,
  type RadixLevel,
} from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import type { ScoreTensor } from './scoreTensor';
import { emptyTallies, type OnChunk } from './selection';

/** The range that holds the k-th smallest score, and which of its members that is (from 1). */
export interface NarrowedRange {
  /** `few`: its members can be collected; `equal`: they are many, and all the same number. */
  readonly kind: 'few' | 'equal';
  readonly range: MagnitudeRange;
  readonly rank: number;
}

/**
 * Radix selection: each pass counts the next 16 bits of the scores within the range and keeps the one
 * bin that holds the k-th smallest. k beyond the finite scores counts as all of them.
 */
export async function narrowByRadix(
  tensors: readonly ScoreTensor[],
  k: number,
  onChunk: OnChunk,
): Promise<NarrowedRange> {
  return new RadixNarrowing(tensors, onChunk).narrow(k);
}

class RadixNarrowing {
  private readonly levels: readonly RadixLevel[];
  private readonly bins = new Uint32Array(1 << 16);
  /** The upper and lower word of the bits fixed so far. */
  private prefix = { upper: 0, lower: 0 };
  private range: MagnitudeRange = { low: 0, high: Infinity };

  constructor(
    private readonly tensors: readonly ScoreTensor[],
    private readonly onChunk: OnChunk,
  ) {
    const inFloat64 = tensors.some((scored) => scored.inFloat64);
    this.levels = inFloat64 ? FLOAT64_LEVELS : FLOAT32_LEVELS;
  }

  async narrow(k: number): Promise<NarrowedRange> {
    let rank = Math.min(k, await this.countFirst());
    for (const [depth, level] of this.levels.entries()) {
      if (depth > 0) await this.countNext(level);
      const { bin, below, count } = this.binOfRank(rank);
      rank -= below;
      this.fix(level, bin);
      if (count <= MAX_SELECTION_CANDIDATES) return { kind: 'few', range: this.range, rank };
    }
    return { kind: 'equal', range: this.range, rank };
  }

  /** Counts the first bits; returns how many scores are finite. */
  private async countFirst(): Promise<number> {
    const [tally = { zeros: 0, nonFinite: 0 }] = emptyTallies([null]);
    let elementCount = 0;
    for (const scored of this.tensors) {
      for await (const { scores } of scored.chunks()) {
        countFirstLevel(scores, this.bins, tally);
        elementCount += scores.length;
        this.onChunk(scores.length);
      }
    }
    return elementCount - tally.nonFinite;
  }

  private async countNext(level: RadixLevel): Promise<void> {
    this.bins.fill(0);
    for (const scored of this.tensors) {
      for await (const { scores } of scored.chunks()) {
        countLevel(scores, level, this.range, this.bins);
        this.onChunk(scores.length);
      }
    }
  }

  /** The bin that holds the rank-th smallest (from 1) of the counted scores. */
  private binOfRank(rank: number): { bin: number; below: number; count: number } {
    let below = 0;
    for (const [bin, count] of this.bins.entries()) {
      if (below + count >= rank) return { bin, below, count };
      below += count;
    }
    throw new Error('a selection asked for more scores than were counted');
  }

  /** Narrows the range to the scores whose bits of this level are `bin`. */
  private fix(level: RadixLevel, bin: number): void {
    const { upper, lower } = this.prefix;
    const part = bin << level.shift;
    this.prefix =
      level.word === 0
        ? { upper: (upper | part) >>> 0, lower }
        : { upper, lower: (lower | part) >>> 0 };
    const low = this.valueOf(this.prefix.upper, this.prefix.lower);
    this.range = { low, high: this.upperEnd(level) };
  }

  private valueOf(upper: number, lower: number): number {
    return this.levels === FLOAT32_LEVELS ? float32FromBits(upper) : float64FromWords(upper, lower);
  }

  private upperEnd(level: RadixLevel): number {
    const { upper, lower } = this.prefix;
    const step = 2 ** level.shift;
    if (level.word === 0) return this.valueOf(upper + step, 0);
    const next = lower + step;
    return next > 0xffffffff ? this.valueOf(upper + 1, 0) : this.valueOf(upper, next);
  }
}
