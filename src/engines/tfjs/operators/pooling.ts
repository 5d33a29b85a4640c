import * as tf from '@tensorflow/tfjs-core';
import type { GlobalPool2dOperator, Pool2dOperator } from '../../../core/graph/graph';
import { inChannelsLast, padImage } from './layouts';

/** Padding never wins a maximum and never counts in an average. */
export function runPool2d(operator: Pool2dOperator, x: tf.Tensor): tf.Tensor {
  return inChannelsLast(x, operator.dataFormat, (image) =>
    operator.mode === 'max' ? maxPool(operator, image) : averagePool(operator, image),
  );
}

function maxPool(operator: Pool2dOperator, x: tf.Tensor4D): tf.Tensor4D {
  const { image, padding } = padImage(x, operator.padding, -Infinity);
  return tf.maxPool(image, [...operator.size], [...operator.strides], padding);
}

function averagePool(operator: Pool2dOperator, x: tf.Tensor4D): tf.Tensor4D {
  const size: [number, number] = [...operator.size];
  const strides: [number, number] = [...operator.strides];
  const { image, padding } = padImage(x, operator.padding, 0);
  const average = tf.avgPool(image, size, strides, padding);
  if (image === x) return average;
  // The zeros that were padded are in the average: divide by the share of the window that is real.
  const [, height, width] = x.shape;
  const ones = padImage(tf.ones([1, height, width, 1]), operator.padding, 0).image;
  return tf.div(average, tf.avgPool(ones, size, strides, padding));
}

/** Maximum or mean over height and width. */
export function runGlobalPool2d(operator: GlobalPool2dOperator, x: tf.Tensor): tf.Tensor {
  const axes = operator.dataFormat === 'channelsLast' ? [1, 2] : [2, 3];
  return operator.mode === 'max'
    ? tf.max(x, axes, operator.keepDims)
    : tf.mean(x, axes, operator.keepDims);
}
