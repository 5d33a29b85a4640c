import { float32FromBits } from '../../kernels/float32Bits';
import {
  countFirstLevel,
  FLOAT32_LEVELS,
  float64FromWords,
  type MagnitudeRange,
} from '../../kernels/selectionKernels';
import type { ScoreTensor } from '../scoreTensor';
import type { OnChunk } from '../selection';
import { lowestWhere } from './lowestWhere';

/** The first 16 bits of a magnitude. */
export const BIN_COUNT = 1 << 16;

/** How the scores of one tensor lie. */
export interface BinnedCounts {
  /** Bins of magnitudes that are not empty, ascending. */
  readonly bins: Uint32Array;
  /** As many: scores in the bin and all below it. */
  readonly upTo: Float64Array;
  /** Scores of exactly zero. */
  readonly zeros: number;
}

/** One pass. Space: 12 bytes for each bin of a tensor that is not empty. Scores that are not finite are in none. */
export async function binCounts(
  tensors: readonly ScoreTensor[],
  onChunk: OnChunk,
): Promise<readonly BinnedCounts[]> {
  const counts = new Uint32Array(BIN_COUNT);
  const binned: BinnedCounts[] = [];
  for (const scored of tensors) {
    counts.fill(0);
    const tally = { zeros: 0, nonFinite: 0 };
    for await (const { scores } of scored.chunks()) {
      countFirstLevel(scores, counts, tally);
      onChunk(scores.length);
    }
    binned.push({ ...filledBins(counts), zeros: tally.zeros });
  }
  return binned;
}

function filledBins(counts: Uint32Array): Pick<BinnedCounts, 'bins' | 'upTo'> {
  const filled: number[] = [];
  for (const [bin, count] of counts.entries()) if (count > 0) filled.push(bin);
  let sum = 0;
  const upTo = Float64Array.from(filled, (bin) => (sum += counts[bin] ?? 0));
  return { bins: Uint32Array.from(filled), upTo };
}

/** How many scores lie in bins up to this one; none for -1. */
export function countUpTo({ bins, upTo }: BinnedCounts, bin: number): number {
  const next = lowestWhere(bins.length, (i) => (bins[i] ?? 0) > bin);
  return upTo[next - 1] ?? 0;
}

/** The magnitudes of a bin. */
export function binRange(bin: number, inFloat64: boolean): MagnitudeRange {
  const { shift } = FLOAT32_LEVELS[0] ?? { shift: 0 };
  const valueOf = (bits: number): number =>
    inFloat64 ? float64FromWords(bits, 0) : float32FromBits(bits);
  return { low: valueOf(bin << shift), high: valueOf((bin + 1) << shift) };
}
