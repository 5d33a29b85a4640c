import type { UnitHistograms, UnitTallies } from '../kernels/unitTallyKernel';

/** Bins of a unit's histogram. */
export const ENTROPY_BINS = 10;

/**
 * Entropy of what a unit gives: in bits, of its histogram over all samples and positions, -sum p_b log2 p_b with
 * p_b the share of values in bin b. A unit that nearly always gives the same says little and goes first. Needs
 * data without labels; two forward passes where the bounds are the unit's own, else one.
 * Source: Luo and Wu, An entropy-based pruning method for CNN compression, 2017.
 * @returns one number a unit; 0 where its bins have no width
 */
export function histogramEntropy({ counts, binCount }: UnitHistograms): Float64Array {
  return Float64Array.from({ length: counts.length / binCount }, (_, unit) => {
    const bins = counts.subarray(unit * binCount, (unit + 1) * binCount);
    const total = bins.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : bins.reduce((sum, count) => sum + surprise(count / total), 0);
  });
}

/** The entropy of whether a unit is active (a > 0): of one coin a unit, in bits. */
export function activeEntropy({ positives, count }: UnitTallies): Float64Array {
  return positives.map((active) => surprise(active / count) + surprise(1 - active / count));
}

/**
 * A unit's part in the entropy of its layer: -p log2 p in bits, p being its mean |a| as a share of the sum over the
 * units of the layer; 0 where the layer gives nothing.
 */
export function shareEntropy({ absoluteSums }: UnitTallies): Float64Array {
  const total = absoluteSums.reduce((sum, one) => sum + one, 0);
  return absoluteSums.map((sum) => (total === 0 ? 0 : surprise(sum / total)));
}

/** -p log2 p, which is 0 at 0. */
function surprise(share: number): number {
  return share <= 0 || share >= 1 ? 0 : -share * Math.log2(share);
}

/**
 * Empty histograms between the bounds of each unit, with the edges that numpy.linspace gives.
 * @param minima one a unit; where it is not below the maximum the unit's bins hold nothing
 */
export function makeUnitHistograms(minima: Float64Array, maxima: Float64Array): UnitHistograms {
  const perUnit = ENTROPY_BINS + 1;
  const edges = new Float64Array(minima.length * perUnit);
  minima.forEach((low, unit) => {
    const high = maxima[unit] ?? low;
    const isOpen = low < high && Number.isFinite(high - low);
    for (let i = 0; i < perUnit; i++) {
      const edge = i === ENTROPY_BINS ? high : low + i * ((high - low) / ENTROPY_BINS);
      edges[unit * perUnit + i] = isOpen ? edge : NaN;
    }
  });
  const counts = new Float64Array(minima.length * ENTROPY_BINS);
  return { binCount: ENTROPY_BINS, edges, counts };
}
