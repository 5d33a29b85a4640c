import type * as tf from '@tensorflow/tfjs-core';

/** How operators behave that differ in training. */
export interface RunContext {
  readonly training: boolean;
  /** Of this node's own noise: the same seed drops the same elements. */
  readonly seed: number;
  /**
   * Is given the statistics of the batch by a batch normalization in training: mean and biased variance, one
   * value a channel. They belong to the caller's tidy; null: nobody wants them.
   */
  readonly takeStatistics: ((mean: tf.Tensor, variance: tf.Tensor) => void) | null;
}

export const INFERENCE: RunContext = { training: false, seed: 0, takeStatistics: null };
