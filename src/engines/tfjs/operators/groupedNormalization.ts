import * as tf from '@tensorflow/tfjs-core';
import type {
  GroupNormalizationOperator,
  LayerNormalizationOperator,
} from '../../../core/graph/operators/normalization';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { axesOf, axisOf } from './axes';

/** Each sample by its own statistics over some axes. */
export function runLayerNormalization(
  operator: LayerNormalizationOperator,
  inputs: NodeInputs,
): tf.Tensor {
  const x = requiredInput(inputs, 0, operator.kind);
  const axes = axesOf(x, operator.axes);
  const normal = operator.rms
    ? byRootMeanSquare(x, axes, operator.epsilon)
    : byMoments(x, axes, operator.epsilon);
  // Parameters have the axes in the operator's order, which need not be the array's.
  const given = operator.axes.map((axis) => axisOf(x, axis));
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return scaled(normal, inputs, (values) => {
    const sorted =
      values.rank < 2
        ? values
        : tf.transpose(
            values,
            axes.map((axis) => given.indexOf(axis)),
          );
    return tf.reshape(sorted, shape);
  });
}

/** Each sample and group of channels by its own statistics. */
export function runGroupNormalization(
  operator: GroupNormalizationOperator,
  inputs: NodeInputs,
): tf.Tensor {
  const x = requiredInput(inputs, 0, operator.kind);
  const isLast = operator.dataFormat === 'channelsLast';
  const channelAxis = isLast ? x.rank - 1 : 1;
  const [batch = 1] = x.shape;
  const channels = x.shape[channelAxis] ?? 1;
  const groups = operator.groups === -1 ? channels : operator.groups;
  const own = channels / groups;
  const places = x.size / Math.max(batch * channels, 1);
  const grouped = isLast
    ? tf.reshape(x, [batch, places, groups, own])
    : tf.reshape(x, [batch, groups, own, places]);
  const normal = byMoments(grouped, isLast ? [1, 3] : [2, 3], operator.epsilon);
  const shape = x.shape.map((size, axis) => (axis === channelAxis ? size : 1));
  return scaled(tf.reshape(normal, x.shape), inputs, (values) => tf.reshape(values, shape));
}

function byMoments(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return byRootMeanSquare(centred, axes, epsilon);
}

function byRootMeanSquare(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const square = tf.mean(tf.square(x), axes, true);
  return tf.mul(x, tf.rsqrt(tf.add(square, epsilon)));
}

function scaled(
  normal: tf.Tensor,
  [, gamma, beta]: NodeInputs,
  along: (values: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const product = gamma ? tf.mul(normal, along(gamma)) : normal;
  return beta ? tf.add(product, along(beta)) : product;
}
