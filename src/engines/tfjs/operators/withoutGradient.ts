import * as tf from '@tensorflow/tfjs-core';

/**
 * Computes what no gradient flows through, such as masks and indices: nothing of it is recorded, so that
 * operations without a gradient may be used.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}

/** 1 where the condition holds, 0 elsewhere, as constants. */
export function maskOf(compute: () => tf.Tensor): tf.Tensor {
  return withoutGradient(() => tf.cast(compute(), 'float32'));
}
