import * as tf from '@tensorflow/tfjs-core';
import type { LocalResponseNormalizationOperator } from '../../../core/graph/operators/normalization';
import { inChannelsLast } from './planarImages';

/**
 * The engine's own knows odd sizes only. The sums over neighbours are a product with a band of ones, so
 * that they are differentiated as well.
 */
export function runLocalResponseNormalization(
  operator: LocalResponseNormalizationOperator,
  x: tf.Tensor,
): tf.Tensor {
  return inChannelsLast(x, operator.dataFormat, (image) => {
    const channels = image.shape.at(-1) ?? 1;
    const squares = tf.reshape(tf.square(image), [image.size / Math.max(channels, 1), channels]);
    const sums = tf.reshape(tf.matMul(squares, band(channels, operator.size)), image.shape);
    const base = tf.add(tf.mul(sums, operator.alpha / operator.size), operator.bias);
    return tf.mul(image, tf.pow(base, -operator.beta));
  });
}

/** 1 where the row is in the window of the column's channel. Source: ONNX LRN. */
function band(channels: number, size: number): tf.Tensor {
  const before = Math.floor((size - 1) / 2);
  const after = Math.ceil((size - 1) / 2);
  const buffer = tf.buffer([channels, channels], 'float32');
  for (let column = 0; column < channels; column++) {
    const last = Math.min(channels - 1, column + after);
    for (let row = Math.max(0, column - before); row <= last; row++) buffer.set(1, row, column);
  }
  return buffer.toTensor();
}
