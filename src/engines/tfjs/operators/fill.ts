import * as tf from '@tensorflow/tfjs-core';
import type {
  ExpandOperator,
  FillOperator,
  ReverseOperator,
  TileOperator,
} from '../../../core/graph/operators/shape';
import { axesOf } from './axes';
import { movingElements } from './elementTypes';

/** Broadcast to a shape, which may itself be broadcast to the input's; -1 keeps a size. */
export function runExpand({ shape }: ExpandOperator, x: tf.Tensor): tf.Tensor {
  const wanted = shape.map((size, i) =>
    size === -1 ? (x.shape[i - (shape.length - x.rank)] ?? 1) : size,
  );
  const whole = tf.broadcast_util.assertAndGetBroadcastShape(x.shape, wanted);
  return movingElements(x, (values) => tf.broadcastTo(values, whole));
}

export function runTile({ repeats }: TileOperator, x: tf.Tensor): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  return movingElements(x, (values) => tf.tile(values, [...repeats]));
}

export function runFill({ shape, value, type }: FillOperator): tf.Tensor {
  return tf.fill([...shape], value, type);
}

export function runReverse({ axes }: ReverseOperator, x: tf.Tensor): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  return movingElements(x, (values) => tf.reverse(values, axesOf(x, axes)));
}
