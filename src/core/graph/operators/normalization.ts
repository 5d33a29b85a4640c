import type { DataFormat } from '../graph';

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta along `axis`: with the stored statistics, in
 * training with those of the batch.
 * Inputs: x, gamma or null, beta or null, mean, variance; the last four of the size of the axis.
 */
export interface BatchNormalizationOperator {
  readonly kind: 'batchNormalization';
  /** May be negative: counted from the last axis. */
  readonly axis: number;
  readonly epsilon: number;
  /** Share of the old in the running statistics after a training step. */
  readonly momentum: number;
}

/**
 * Each sample by the mean and variance (or, `rms`, by the root of the mean square) of its own values over `axes`.
 * Inputs: x, gamma or null, beta or null; both of the sizes of the axes, in their order.
 */
export interface LayerNormalizationOperator {
  readonly kind: 'layerNormalization';
  /** May be negative: counted from the last axis. */
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly rms: boolean;
}

/**
 * Each sample and group of channels by its own mean and variance; as many groups as channels make it
 * instance normalization.
 * Inputs: x, gamma or null, beta or null; both of one value a channel.
 */
export interface GroupNormalizationOperator {
  readonly kind: 'groupNormalization';
  /** -1: as many as there are channels. */
  readonly groups: number;
  readonly epsilon: number;
  readonly dataFormat: DataFormat;
}

/** x / (bias + alpha / size * sum of squares over `size` neighbouring channels) ^ beta. Input: x. */
export interface LocalResponseNormalizationOperator {
  readonly kind: 'localResponseNormalization';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
  readonly dataFormat: DataFormat;
}
