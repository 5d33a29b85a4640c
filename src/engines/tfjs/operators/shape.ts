import * as tf from '@tensorflow/tfjs-core';
import type { FlattenOperator, ReshapeOperator } from '../../../core/graph/operators/shape';

/** [batch, everything else], channels last. */
export function runFlatten({ dataFormat }: FlattenOperator, x: tf.Tensor): tf.Tensor {
  const [batch = 1] = x.shape;
  const moves = dataFormat === 'channelsFirst' && x.rank > 2;
  const axes = x.shape.map((_, axis) => axis);
  const ordered = moves ? tf.transpose(x, [0, ...axes.slice(2), 1]) : x;
  return tf.reshape(ordered, [batch, x.size / batch]);
}

/** 0 keeps an axis. */
export function runReshape({ shape }: ReshapeOperator, x: tf.Tensor): tf.Tensor {
  return tf.reshape(
    x,
    shape.map((size, axis) => (size === 0 ? (x.shape[axis] ?? 1) : size)),
  );
}
