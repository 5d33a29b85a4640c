import {
  addSquaresInPlace,
  binEnds,
  type ClosedRange,
  countMagnitudesInPlace,
  filledBins,
  finiteBins,
  refineSquaresInPlace,
  SQUARE_BINS,
} from '../../kernels/lampKernels';
import type { ScoreTensor } from '../scoreTensor';
import type { OnChunk } from '../selection';
import type { LampRuns } from './lampLayer';

/** Parts of a range. */
const PARTS = 1 << 10;

/** All finite weights of a layer in bins by the upper bits of their magnitudes: one pass. */
export async function binnedRuns(one: ScoreTensor, onChunk: OnChunk): Promise<LampRuns> {
  const bins = { counts: new Uint32Array(SQUARE_BINS), sums: new Float64Array(SQUARE_BINS) };
  for await (const { scores } of one.chunks()) {
    addSquaresInPlace(bins, scores);
    onChunk(scores.length);
  }
  const filled = filledBins(bins.counts, finiteBins(one.inFloat64));
  const ends = Array.from(filled, (bin) => binEnds(bin, one.inFloat64));
  return {
    lows: Float64Array.from(ends, ([low]) => low),
    highs: Float64Array.from(ends, ([, high]) => high),
    counts: Float64Array.from(filled, (bin) => bins.counts[bin] ?? 0),
    sums: Float64Array.from(filled, (bin) => bins.sums[bin] ?? 0),
  };
}

/** The weights within a range in equal parts of it, each with its true ends: one pass. */
export async function partedRuns(
  one: ScoreTensor,
  range: ClosedRange,
  onChunk: OnChunk,
): Promise<LampRuns> {
  const bins = {
    counts: new Uint32Array(PARTS),
    sums: new Float64Array(PARTS),
    lows: new Float64Array(PARTS).fill(Infinity),
    highs: new Float64Array(PARTS),
  };
  for await (const { scores } of one.chunks()) {
    refineSquaresInPlace(bins, scores, range);
    onChunk(scores.length);
  }
  const filled = filledBins(bins.counts, PARTS);
  const picked = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(filled, (bin) => values[bin] ?? 0);
  return {
    lows: picked(bins.lows),
    highs: picked(bins.highs),
    counts: picked(bins.counts),
    sums: picked(bins.sums),
  };
}

/** The weights within a range that holds few different magnitudes, a run each: one pass. */
export async function countedRuns(
  one: ScoreTensor,
  range: ClosedRange,
  onChunk: OnChunk,
): Promise<LampRuns> {
  const found = new Map<number, number>();
  for await (const { scores } of one.chunks()) {
    countMagnitudesInPlace(found, scores, range);
    onChunk(scores.length);
  }
  const magnitudes = Float64Array.from(found.keys()).sort();
  return equalRuns(
    magnitudes,
    magnitudes.map((magnitude) => found.get(magnitude) ?? 0),
  );
}

/** Magnitudes that are held in memory, a run for each that differs. Cost: they are sorted. */
export function sortedRuns(magnitudes: Float64Array): LampRuns {
  const sorted = magnitudes.slice().sort();
  const firsts = firstOfEach(sorted);
  return equalRuns(
    Float64Array.from(firsts, (first) => sorted[first] ?? 0),
    Float64Array.from(firsts, (first, run) => (firsts[run + 1] ?? sorted.length) - first),
  );
}

/** Where each number that differs from the one before it stands. */
function firstOfEach(sorted: Float64Array): Uint32Array {
  const firsts = new Uint32Array(sorted.length);
  let length = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) firsts[length++] = i;
  }
  return firsts.subarray(0, length);
}

function equalRuns(magnitudes: Float64Array, counts: Float64Array): LampRuns {
  const sums = magnitudes.map((magnitude, run) => magnitude ** 2 * (counts[run] ?? 0));
  return { lows: magnitudes, highs: magnitudes, counts, sums };
}
