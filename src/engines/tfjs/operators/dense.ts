import * as tf from '@tensorflow/tfjs-core';
import type { DenseOperator } from '../../../core/graph/operators/linear';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { toFloat } from './elementTypes';

/** y = x W + b over the last axis, whatever stands before it. */
export function runDense({ kind, kernelLayout }: DenseOperator, inputs: NodeInputs): tf.Tensor {
  const x = requiredInput(inputs, 0, kind);
  const kernel = toFloat(requiredInput(inputs, 1, kind));
  const bias = inputs[2];
  const transposed = kernelLayout === 'out-in';
  const [first = 1, second = 1] = kernel.shape;
  const [from, to] = transposed ? [second, first] : [first, second];
  // The engine multiplies plain matrices fast; batched ones fall to a scalar loop.
  const rows = tf.reshape(toFloat(x), [x.size / Math.max(from, 1), from]);
  const product: tf.Tensor = tf.matMul(rows, kernel, false, transposed);
  const y = bias ? tf.add(product, bias) : product;
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), to]);
}
