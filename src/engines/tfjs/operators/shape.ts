import * as tf from '@tensorflow/tfjs-core';
import type {
  FlattenOperator,
  ReshapeOperator,
  ZeroPadding2dOperator,
} from '../../../core/graph/graph';
import { inChannelsLast, padImage } from './layouts';

/** [batch, everything else], channels last. */
export function runFlatten({ dataFormat }: FlattenOperator, x: tf.Tensor): tf.Tensor {
  const [batch = 1] = x.shape;
  const moves = dataFormat === 'channelsFirst' && x.rank > 2;
  const axes = x.shape.map((_, axis) => axis);
  const ordered = moves ? tf.transpose(x, [0, ...axes.slice(2), 1]) : x;
  return tf.reshape(ordered, [batch, x.size / batch]);
}

export function runReshape({ sampleShape }: ReshapeOperator, x: tf.Tensor): tf.Tensor {
  const [batch = 1] = x.shape;
  return tf.reshape(x, [batch, ...sampleShape]);
}

export function runZeroPadding2d(operator: ZeroPadding2dOperator, x: tf.Tensor): tf.Tensor {
  return inChannelsLast(x, operator.dataFormat, (image) => {
    const padded = padImage(image, operator.padding, 0).image;
    return padded === image ? tf.clone(image) : padded;
  });
}
