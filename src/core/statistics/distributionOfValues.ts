import type { Values } from '../model/decodeValues';
import { type Distribution, DISTRIBUTION_BINS, MAGNITUDE_STEPS } from './tensorStatistics';

const DRAWN_SHARE = 0.999;

/**
 * The {@link Distribution} of values that are all at hand, exactly; null where none is finite. For
 * small tensors, of which a model may have thousands: going through the 65,536 bins of the histogram
 * by bits would take longer than sorting them. O(n log n).
 */
export function distributionOfValues(values: Values): Distribution | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const sorted = finite.map(Math.abs).sort();
  const magnitudeAt = (share: number): number => {
    const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
    return sorted[index] ?? 0;
  };
  const limit = magnitudeAt(DRAWN_SHARE) || (sorted.at(-1) ?? 0) || 1;
  const steps = Array.from({ length: MAGNITUDE_STEPS + 1 }, (_, i) => i / MAGNITUDE_STEPS);
  return {
    limit,
    bins: signedBins(finite, limit),
    zeros: zerosOf(sorted),
    magnitudes: steps.map(magnitudeAt),
    medianMagnitude: magnitudeAt(0.5),
  };
}

function zerosOf(sorted: Values): number {
  const first = sorted.findIndex((magnitude) => magnitude > 0);
  return first === -1 ? sorted.length : first;
}

function signedBins(values: Values, limit: number): number[] {
  const bins = new Array<number>(DISTRIBUTION_BINS).fill(0);
  const half = DISTRIBUTION_BINS / 2;
  for (const value of values) {
    if (value === 0) continue;
    const bin = Math.floor((value / limit) * half) + half;
    const at = Math.min(DISTRIBUTION_BINS - 1, Math.max(0, bin));
    bins[at] = (bins[at] ?? 0) + 1;
  }
  return bins;
}
