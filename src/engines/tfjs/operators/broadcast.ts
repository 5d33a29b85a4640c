import * as tf from '@tensorflow/tfjs-core';
import { isFloat } from './elementTypes';

/**
 * Broadcast as in NumPy, to a shape that the tensor fits. Floats by a product with ones: the engine's own way
 * has no gradient for five axes, and a slow one for fewer.
 */
export function broadcast(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const same = x.rank === shape.length && x.shape.every((size, axis) => size === shape[axis]);
  if (same) return x;
  if (!isFloat(x)) return tf.broadcastTo(x, [...shape] as [number]);
  // Ones along the new axes alone: both sides are broadcast.
  const own = [...new Array<number>(shape.length - x.rank).fill(1), ...x.shape];
  return tf.mul(x, tf.ones(shape.map((size, axis) => (size === own[axis] ? 1 : size))));
}
