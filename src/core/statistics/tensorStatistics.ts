/** Statistics over the finite values of one tensor, in float64; deviation is the population's. */
export interface TensorStatistics {
  readonly count: number;
  /** null where no value is finite. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  /** Kurtosis is not taken: it would need a second pass. */
  readonly zeros: number;
  readonly nonFinite: number;
  readonly l1: number;
  readonly l2: number;
  readonly histogram: Histogram;
}

/** `counts[i]` values v with `edges[i] <= v < edges[i + 1]`, the last bin with its upper edge. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** What a chart of signed weights needs, without the weights. */
export interface Distribution {
  /** The range drawn: plus and minus the 99.9th percentile of |w|, or the maximum where that is 0. */
  readonly limit: number;
  /** {@link DISTRIBUTION_BINS} equal bins over [-limit, limit]; what lies beyond is in the outermost. Exact zeros are not in. */
  readonly bins: readonly number[];
  readonly zeros: number;
  /** |w| at the shares 0, 1/256, …, 1 of the finite weights, zeros included. */
  readonly magnitudes: readonly number[];
  readonly medianMagnitude: number;
}

/** An even number, so that zero is an edge; 52 of a list row and 92 of the detail are rebinned from it. */
export const DISTRIBUTION_BINS = 1196;
export const MAGNITUDE_STEPS = 256;
