import { float32FromBits } from '../kernels/float32Bits';
import {
  type Candidates,
  collectRange,
  countFirstLevel,
  countLevel,
  countRangeInPlace,
  FLOAT32_LEVELS,
  FLOAT64_LEVELS,
  float64FromWords,
  type MagnitudeRange,
  type RadixLevel,
  type Tally,
  tallyInPlace,
} from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import { storedDTypeOf } from '../model/model';
import type { ScoreTensor } from './scoreTensor';

/** What a selection takes from one tensor. */
export interface TensorSelection {
  /** Elements with a score below the selection's threshold, or equal to it and before {@link tieLimit}. */
  readonly selectedCount: number;
  /** Elements equal to the threshold are taken while their flat index is below this. */
  readonly tieLimit: number;
  readonly zeros: number;
  readonly nonFinite: number;
}

export interface Selection {
  /** The largest score taken; null where none is. */
  readonly threshold: number | null;
  /** In the order of the tensors given. */
  readonly tensors: readonly TensorSelection[];
}

/** Called once per chunk, so that a job can report and be cancelled. */
export type OnChunk = (elementCount: number) => void;

/**
 * The k smallest scores of a set of tensors, exactly; ties by (score, tensor order, flat index).
 * Radix selection on the bits of the scores: each pass over the data counts 16 bits more, until the
 * members of the one bin in question are few enough to be collected and ranked. Usually two passes.
 * Space: 65,536 counts and at most 2^20 candidates; never the scores themselves.
 * NaN and infinite scores are never taken, so fewer than k may be.
 */
export async function selectSmallest(
  tensors: readonly ScoreTensor[],
  k: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const selection = new RadixSelection(tensors, onChunk);
  const finiteCount = await selection.countFirstLevel();
  return selection.take(Math.min(k, finiteCount));
}

/**
 * All scores of at most `threshold`: one pass.
 */
export async function selectUpTo(
  tensors: readonly ScoreTensor[],
  threshold: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const selected: TensorSelection[] = [];
  for (const scored of tensors) {
    const tally = { zeros: 0, nonFinite: 0 };
    const count = { below: 0, within: 0 };
    for await (const { scores } of scored.chunks()) {
      tallyInPlace(tally, scores);
      countRangeInPlace(count, scores, { low: threshold, high: nextAbove(threshold) });
      onChunk(scores.length);
    }
    const tieLimit = scored.tensor.elementCount;
    selected.push({ selectedCount: count.below + count.within, tieLimit, ...tally });
  }
  return { threshold, tensors: selected };
}

/** The smallest float64 above a non-negative number. */
function nextAbove(value: number): number {
  if (!Number.isFinite(value)) return Infinity;
  const bits = new BigUint64Array(1);
  const view = new Float64Array(bits.buffer);
  view[0] = value === 0 ? 0 : value;
  bits[0] = (bits[0] ?? 0n) + 1n;
  return view[0];
}

class RadixSelection {
  private readonly levels: readonly RadixLevel[];
  private readonly bins = new Uint32Array(1 << 16);
  private readonly tallies: Tally[];
  /** The upper and lower word of the bits fixed so far. */
  private prefix = { upper: 0, lower: 0 };
  private range: MagnitudeRange;

  constructor(
    private readonly tensors: readonly ScoreTensor[],
    private readonly onChunk: OnChunk,
  ) {
    const inFloat64 = tensors.some(({ tensor }) => storedDTypeOf(tensor) === 'float64');
    this.levels = inFloat64 ? FLOAT64_LEVELS : FLOAT32_LEVELS;
    this.range = { low: 0, high: Infinity };
    this.tallies = tensors.map(() => ({ zeros: 0, nonFinite: 0 }));
  }

  /** Counts the first 16 bits, zeros and values that are not finite; returns how many are finite. */
  async countFirstLevel(): Promise<number> {
    let finiteCount = 0;
    for (const [index, scored] of this.tensors.entries()) {
      const tally = this.tallies[index] ?? { zeros: 0, nonFinite: 0 };
      for await (const { scores } of scored.chunks()) {
        countFirstLevel(scores, this.bins, tally);
        this.onChunk(scores.length);
      }
      finiteCount += scored.tensor.elementCount - tally.nonFinite;
    }
    return finiteCount;
  }

  async take(k: number): Promise<Selection> {
    if (k <= 0) return this.nothing();
    let rank = k;
    for (let depth = 0; ; depth++) {
      const { bin, below, count } = this.binOfRank(rank);
      rank -= below;
      this.fix(this.levelAt(depth), bin);
      if (count <= MAX_SELECTION_CANDIDATES) return this.rankCandidates(rank, count);
      if (depth + 1 === this.levels.length) return this.splitTies(rank);
      await this.countLevelOf(this.levelAt(depth + 1));
    }
  }

  private nothing(): Selection {
    const tensors = this.tallies.map((tally) => ({ selectedCount: 0, tieLimit: 0, ...tally }));
    return { threshold: null, tensors };
  }

  private levelAt(depth: number): RadixLevel {
    const level = this.levels[depth];
    if (level === undefined) throw new Error(`the selection has no level ${depth}`);
    return level;
  }

  /** The bin that holds the rank-th smallest (from 1) of the counted scores. */
  private binOfRank(rank: number): { bin: number; below: number; count: number } {
    let below = 0;
    for (let bin = 0; bin < this.bins.length; bin++) {
      const count = this.bins[bin] ?? 0;
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

  private async countLevelOf(level: RadixLevel): Promise<void> {
    this.bins.fill(0);
    for (const scored of this.tensors) {
      for await (const { scores } of scored.chunks()) {
        countLevel(scores, level, this.range, this.bins);
        this.onChunk(scores.length);
      }
    }
  }

  /** Collects the members of the range and takes the `rank` smallest of them. */
  private async rankCandidates(rank: number, count: number): Promise<Selection> {
    const candidates: Candidates = {
      magnitudes: new Float64Array(count),
      storageIndices: new Float64Array(count),
      length: 0,
    };
    const below: number[] = [];
    const ends: number[] = [];
    for (const scored of this.tensors) {
      let belowHere = 0;
      for await (const { firstElement, scores } of scored.chunks()) {
        belowHere += collectRange(scores, firstElement, this.range, candidates);
        this.onChunk(scores.length);
      }
      below.push(belowHere);
      ends.push(candidates.length);
    }
    const threshold = nthSmallest(candidates.magnitudes, rank);
    let tiesLeft = rank - countBelow(candidates.magnitudes, threshold);
    const tensors = this.tensors.map((scored, i) => {
      const from = ends[i - 1] ?? 0;
      const part = candidates.magnitudes.subarray(from, ends[i]);
      const ties = tiedFlatIndices(
        part,
        candidates.storageIndices.subarray(from, ends[i]),
        threshold,
        scored,
      );
      const taken = Math.min(tiesLeft, ties.length);
      tiesLeft -= taken;
      return {
        selectedCount: (below[i] ?? 0) + countBelow(part, threshold) + taken,
        tieLimit: tieLimitFor(ties, taken, scored),
        ...this.tallyAt(i),
      };
    });
    return { threshold, tensors };
  }

  private tallyAt(index: number): Tally {
    return this.tallies[index] ?? { zeros: 0, nonFinite: 0 };
  }

  /** All members of the range are equal and too many to collect: count them, then find one place. */
  private async splitTies(rank: number): Promise<Selection> {
    const threshold = this.range.low;
    let tiesLeft = rank;
    const tensors: TensorSelection[] = [];
    for (const [index, scored] of this.tensors.entries()) {
      const count = { below: 0, within: 0 };
      for await (const { scores } of scored.chunks()) {
        countRangeInPlace(count, scores, this.range);
        this.onChunk(scores.length);
      }
      const taken = Math.min(tiesLeft, count.within);
      tiesLeft -= taken;
      const tieLimit =
        taken === count.within ? scored.tensor.elementCount : await this.limitOfTies(scored, taken);
      tensors.push({ selectedCount: count.below + taken, tieLimit, ...this.tallyAt(index) });
    }
    return { threshold, tensors };
  }

  /** The flat index before which exactly `taken` elements equal the threshold. */
  private async limitOfTies(scored: ScoreTensor, taken: number): Promise<number> {
    if (taken === 0) return 0;
    if (scored.flatIndexOf !== null) return this.limitOfUnorderedTies(scored, taken);
    let left = taken;
    for await (const { firstElement, scores } of scored.chunks()) {
      for (let i = 0; i < scores.length; i++) {
        if (Math.abs(scores[i] ?? 0) === this.range.low && --left === 0)
          return firstElement + i + 1;
      }
    }
    throw new Error('a tensor changed while it was being read');
  }

  /** Fortran order: the places are not met in flat order, so all are gathered (8 bytes each). */
  private async limitOfUnorderedTies(scored: ScoreTensor, taken: number): Promise<number> {
    const places: number[] = [];
    for await (const { firstElement, scores } of scored.chunks()) {
      for (let i = 0; i < scores.length; i++) {
        if (Math.abs(scores[i] ?? 0) === this.range.low) {
          places.push(scored.flatIndexOf?.(firstElement + i) ?? firstElement + i);
        }
      }
    }
    places.sort((a, b) => a - b);
    return tieLimitFor(places, taken, scored);
  }
}

function nthSmallest(values: Float64Array, rank: number): number {
  return Float64Array.from(values).sort()[rank - 1] ?? 0;
}

function countBelow(values: Float64Array, threshold: number): number {
  let count = 0;
  for (const value of values) if (value < threshold) count++;
  return count;
}

/** The flat indices of a tensor's candidates that equal the threshold, ascending. */
function tiedFlatIndices(
  magnitudes: Float64Array,
  storageIndices: Float64Array,
  threshold: number,
  scored: ScoreTensor,
): number[] {
  const indices: number[] = [];
  for (const [i, magnitude] of magnitudes.entries()) {
    if (magnitude !== threshold) continue;
    const storageIndex = storageIndices[i] ?? 0;
    indices.push(scored.flatIndexOf?.(storageIndex) ?? storageIndex);
  }
  return scored.flatIndexOf === null ? indices : indices.sort((a, b) => a - b);
}

function tieLimitFor(ties: readonly number[], taken: number, scored: ScoreTensor): number {
  if (taken === 0) return 0;
  return taken === ties.length ? scored.tensor.elementCount : (ties[taken - 1] ?? 0) + 1;
}
