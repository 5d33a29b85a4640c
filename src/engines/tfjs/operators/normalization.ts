import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormalizationOperator } from '../../../core/graph/operators/normalization';
import type { NodeInputs } from '../runNode';

/** With the stored statistics, which are per element of one axis. */
export function runBatchNormalization(
  operator: BatchNormalizationOperator,
  x: tf.Tensor,
  [, gamma, beta, mean, variance]: NodeInputs,
): tf.Tensor {
  const axis = operator.axis < 0 ? x.rank + operator.axis : operator.axis;
  const along = (values: tf.Tensor): tf.Tensor => {
    const shape = x.shape.map((_, i) => (i === axis ? values.size : 1));
    return tf.reshape(values, shape);
  };
  if (!mean || !variance) throw new Error('batch normalization has statistics');
  const deviation = tf.sqrt(tf.add(along(variance), operator.epsilon));
  let y = tf.div(tf.sub(x, along(mean)), deviation);
  if (gamma) y = tf.mul(y, along(gamma));
  if (beta) y = tf.add(y, along(beta));
  return y;
}
