import * as tf from '@tensorflow/tfjs-core';
import type { DenseOperator } from '../../../core/graph/operators/linear';
import type { NodeInputs } from '../runNode';

/** y = x W + b over the last axis, whatever stands before it. */
export function runDense(
  { kernelLayout }: DenseOperator,
  x: tf.Tensor,
  [, kernel, bias]: NodeInputs,
): tf.Tensor {
  if (!kernel) throw new Error('a dense layer has a kernel');
  const transposed = kernelLayout === 'out-in';
  const [first = 1, second = 1] = kernel.shape;
  const [inputs, outputs] = transposed ? [second, first] : [first, second];
  // The engine multiplies plain matrices fast; batched ones fall to a scalar loop.
  const rows = tf.reshape(x, [-1, inputs]);
  const product: tf.Tensor = tf.matMul(rows, kernel, false, transposed);
  const y = bias ? tf.add(product, bias) : product;
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}
