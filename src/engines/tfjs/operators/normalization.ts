import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormalizationOperator } from '../../../core/graph/graph';
import type { Parameters } from '../parameters';

/** With the stored statistics, which are per element of one axis. */
export function runBatchNormalization(
  operator: BatchNormalizationOperator,
  x: tf.Tensor,
  parameters: Parameters,
): tf.Tensor {
  const axis = operator.axis < 0 ? x.rank + operator.axis : operator.axis;
  const along = (name: string): tf.Tensor => {
    const values = parameters.get(name);
    const shape = x.shape.map((_, i) => (i === axis ? values.size : 1));
    return tf.reshape(values, shape);
  };
  const deviation = tf.sqrt(tf.add(along(operator.variance), operator.epsilon));
  let y = tf.div(tf.sub(x, along(operator.mean)), deviation);
  if (operator.gamma !== null) y = tf.mul(y, along(operator.gamma));
  if (operator.beta !== null) y = tf.add(y, along(operator.beta));
  return y;
}
