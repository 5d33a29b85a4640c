import * as tf from '@tensorflow/tfjs-core';
import type {
  ExpandOperator,
  FillOperator,
  ReverseOperator,
  TileOperator,
} from '../../../core/graph/operators/shape';
import { axesOf } from './axes';
import { broadcast } from './broadcast';
import { movingElements } from './elementTypes';
import { lanesOf } from './hostArrays';

/** Broadcast to a shape, which may itself be broadcast to the input's; -1 keeps a size. */
export function runExpand({ shape }: ExpandOperator, x: tf.Tensor): tf.Tensor {
  const wanted = shape.map((size, i) =>
    size === -1 ? (x.shape[i - (shape.length - x.rank)] ?? 1) : size,
  );
  const whole = tf.broadcast_util.assertAndGetBroadcastShape(x.shape, wanted);
  return movingElements(x, (values) => {
    const made = broadcast(values, whole);
    return made === values ? tf.clone(made) : made;
  });
}

/** One axis after the other, by broadcasting a new axis before it. */
export function runTile({ repeats }: TileOperator, x: tf.Tensor): tf.Tensor {
  return movingElements(x, (values) => {
    const tiled = repeats.reduce((made, count, axis) => repeatAlong(made, axis, count), values);
    return tiled === values ? tf.clone(values) : tiled;
  });
}

function repeatAlong(x: tf.Tensor, axis: number, count: number): tf.Tensor {
  if (count === 1) return x;
  const { outer, size, inner } = lanesOf(x.shape, axis);
  const rows = tf.reshape(x, [outer, 1, size * inner]);
  return tf.reshape(
    broadcast(rows, [outer, count, size * inner]),
    x.shape.with(axis, size * count),
  );
}

export function runFill({ shape, value, type }: FillOperator): tf.Tensor {
  return tf.fill([...shape], value, type);
}

export function runReverse({ axes }: ReverseOperator, x: tf.Tensor): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  return movingElements(x, (values) => tf.reverse(values, axesOf(x, axes)));
}
