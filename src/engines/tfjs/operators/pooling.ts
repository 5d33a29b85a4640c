import * as tf from '@tensorflow/tfjs-core';
import type { GlobalPoolOperator, PoolOperator } from '../../../core/graph/operators/pooling';
import { inChannelsLast, padImage, pair } from './layouts';

/** Padding never wins a maximum and never counts in an average. */
export function runPool(operator: PoolOperator, x: tf.Tensor): tf.Tensor {
  return inChannelsLast(x, operator.dataFormat, (image) =>
    operator.mode === 'max' ? maxPool(operator, image) : averagePool(operator, image),
  );
}

function maxPool(operator: PoolOperator, x: tf.Tensor4D): tf.Tensor4D {
  const { image, padding } = padImage(x, operator.padding, -Infinity);
  return tf.maxPool(image, pair(operator.size), pair(operator.strides), padding);
}

function averagePool(operator: PoolOperator, x: tf.Tensor4D): tf.Tensor4D {
  const size = pair(operator.size);
  const strides = pair(operator.strides);
  const { image, padding } = padImage(x, operator.padding, 0);
  const average = tf.avgPool(image, size, strides, padding);
  if (image === x) return average;
  // The zeros that were padded are in the average: divide by the share of the window that is real.
  const [, height, width] = x.shape;
  const ones = padImage(tf.ones([1, height, width, 1]), operator.padding, 0).image;
  return tf.div(average, tf.avgPool(ones, size, strides, padding));
}

/** Maximum or mean over height and width. */
export function runGlobalPool(operator: GlobalPoolOperator, x: tf.Tensor): tf.Tensor {
  const axes = operator.dataFormat === 'channelsLast' ? [1, 2] : [2, 3];
  return operator.mode === 'max'
    ? tf.max(x, axes, operator.keepDims)
    : tf.mean(x, axes, operator.keepDims);
}
