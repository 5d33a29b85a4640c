import { BIT_BINS, binMagnitude } from '../kernels/bitHistogramKernel';
import type { Moments } from '../kernels/momentsKernel';
import { equalEdges } from './equalEdges';
import {
  type Distribution,
  DISTRIBUTION_BINS,
  type Histogram,
  MAGNITUDE_STEPS,
} from './tensorStatistics';

const MAGNITUDE_BINS = BIT_BINS / 2;
/** The bin of the infinities; NaN lies above. */
const INFINITY_BIN = 0x7f80;
const DRAWN_SHARE = 0.999;

/**
 * Equal bins from minimum to maximum, each fine bin counted where its middle lies: off by at most
 * 0.4 % of the value at an edge, the sum of the counts exact.
 */
export function histogramFromBits(
  bits: Uint32Array,
  moments: Moments,
  binCount: number,
): Histogram {
  const { min, max, count } = moments;
  if (count === 0) return { edges: [], counts: [] };
  const counts = new Array<number>(binCount).fill(0);
  const scale = max > min ? binCount / (max - min) : 0;
  forEachBin(bits, (value, n) => {
    const clamped = Math.min(max, Math.max(min, value));
    const bin = Math.min(binCount - 1, Math.floor((clamped - min) * scale));
    counts[bin] = (counts[bin] ?? 0) + n;
  });
  return { edges: equalEdges(min, max, binCount), counts };
}

/** What the charts draw and predict from, see {@link Distribution}; null where no value is finite. */
export function distributionFromBits(
  bits: Uint32Array,
  moments: Moments,
  zeros: number,
): Distribution | null {
  if (moments.count === 0) return null;
  const largest = Math.max(Math.abs(moments.min), Math.abs(moments.max));
  const cumulative = new CumulativeMagnitudes(bits, moments.count, largest);
  const limit = cumulative.magnitudeAt(DRAWN_SHARE) || largest || 1;
  const steps = Array.from({ length: MAGNITUDE_STEPS + 1 }, (_, i) => i / MAGNITUDE_STEPS);
  return {
    limit,
    bins: signedBins(bits, zeros, limit),
    zeros,
    magnitudes: steps.map((share) => cumulative.magnitudeAt(share)),
    medianMagnitude: cumulative.magnitudeAt(0.5),
  };
}

function signedBins(bits: Uint32Array, zeros: number, limit: number): number[] {
  const bins = new Array<number>(DISTRIBUTION_BINS).fill(0);
  const half = DISTRIBUTION_BINS / 2;
  forEachBin(bits, (value, n) => {
    const bin = Math.floor((value / limit) * half) + half;
    const at = Math.min(DISTRIBUTION_BINS - 1, Math.max(0, bin));
    bins[at] = (bins[at] ?? 0) + n;
  });
  // Exact zeros fell into the two bins next to zero, +0 to the right, -0 to the left.
  removeZeros(bins, zeros, half);
  return bins;
}

function removeZeros(bins: number[], zeros: number, half: number): void {
  const fromRight = Math.min(zeros, bins[half] ?? 0);
  bins[half] = (bins[half] ?? 0) - fromRight;
  bins[half - 1] = Math.max(0, (bins[half - 1] ?? 0) - (zeros - fromRight));
}

/** Calls back with the middle of each finite bin that is not empty, and its count. */
function forEachBin(bits: Uint32Array, visit: (value: number, count: number) => void): void {
  for (let bin = 0; bin < INFINITY_BIN; bin++) {
    const positive = bits[bin] ?? 0;
    const negative = bits[bin + MAGNITUDE_BINS] ?? 0;
    if (positive + negative === 0) continue;
    const middle = bin === 0 ? 0 : (binMagnitude(bin) + upperEdge(bin)) / 2;
    if (positive > 0) visit(middle, positive);
    if (negative > 0) visit(bin === 0 ? -Number.MIN_VALUE : -middle, negative);
  }
}

function upperEdge(bin: number): number {
  return bin + 1 === INFINITY_BIN ? 3.4028234663852886e38 : binMagnitude(bin + 1);
}

/** The share of finite values with a magnitude of at most x, read backwards. */
class CumulativeMagnitudes {
  private readonly counts = new Float64Array(INFINITY_BIN + 1);

  constructor(
    bits: Uint32Array,
    private readonly total: number,
    private readonly largest: number,
  ) {
    for (let bin = 0; bin < INFINITY_BIN; bin++) {
      const count = (bits[bin] ?? 0) + (bits[bin + MAGNITUDE_BINS] ?? 0);
      this.counts[bin + 1] = (this.counts[bin] ?? 0) + count;
    }
  }

  /** The magnitude that `share` of the values do not exceed, linear within a bin. */
  magnitudeAt(share: number): number {
    const wanted = share * this.total;
    if (wanted >= this.total) return this.largest;
    const bin = this.binHolding(wanted);
    const below = this.counts[bin] ?? 0;
    const inBin = (this.counts[bin + 1] ?? 0) - below;
    const lower = binMagnitude(bin);
    const upper = Math.min(this.largest, upperEdge(bin));
    return bin === 0 || inBin === 0
      ? lower
      : Math.min(upper, lower + ((wanted - below) / inBin) * (upper - lower));
  }

  /** The first bin up to whose end more than `wanted` values lie. */
  private binHolding(wanted: number): number {
    let low = 0;
    let high = INFINITY_BIN - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.counts[middle + 1] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
