import * as tf from '@tensorflow/tfjs-core';
import type { DenseOperator } from '../../../core/graph/graph';
import type { Parameters } from '../parameters';

/** y = x W + b over the last axis, whatever stands before it. Kernels were brought to [in, out]. */
export function runDense(operator: DenseOperator, x: tf.Tensor, parameters: Parameters): tf.Tensor {
  const kernel = parameters.get(operator.kernel) as tf.Tensor2D;
  const [inputs, outputs] = kernel.shape;
  // The engine multiplies plain matrices fast; batched ones fall to a scalar loop.
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, inputs]);
  let y: tf.Tensor = tf.matMul(rows, kernel);
  if (operator.bias !== null) y = tf.add(y, parameters.get(operator.bias));
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}
