import * as tf from '@tensorflow/tfjs-core';
import type { ResizeOperator } from '../../../core/graph/operators/shape';
import { takeAlong, withAxisLast } from './axes';
import { movingElements, throughFloat } from './elementTypes';
import { type AxisResize, linearWeights, cubicWeights, nearestPlaces } from './resizeWeights';

/**
 * One axis after the other: the engine's own kernels know few of the modes. `nearest` takes elements, the
 * others are a product with the weights of each output element, so that they are differentiated as well.
 */
export function runResize(operator: ResizeOperator, x: tf.Tensor): tf.Tensor {
  const first = operator.dataFormat === 'channelsLast' ? 1 : 2;
  const resized = operator.size.reduce<tf.Tensor>((image, outputSize, i) => {
    const axis = first + i;
    const inputSize = x.shape[axis] ?? 1;
    const scale = operator.scales?.[i] ?? null;
    if (outputSize === inputSize && (scale === null || scale === 1)) return image;
    return resizeAxis(operator, image, axis, { inputSize, outputSize, scale });
  }, x);
  return resized === x ? tf.clone(x) : resized;
}

function resizeAxis(
  operator: ResizeOperator,
  x: tf.Tensor,
  axis: number,
  sizes: AxisResize,
): tf.Tensor {
  if (operator.mode === 'nearest') {
    const places = nearestPlaces(operator, sizes);
    return movingElements(x, (values) => takeAlong(values, axis, places));
  }
  const weights =
    operator.mode === 'linear' ? linearWeights(operator, sizes) : cubicWeights(operator, sizes);
  const matrix = tf.tensor2d(weights, [sizes.outputSize, sizes.inputSize]);
  return throughFloat(x, (values) => withAxisLast(values, axis, (rows) => times(rows, matrix)));
}

function times(x: tf.Tensor, weights: tf.Tensor2D): tf.Tensor {
  const [outputSize, inputSize] = weights.shape;
  const rows: tf.Tensor2D = tf.reshape(x, [x.size / Math.max(inputSize, 1), inputSize]);
  const product = tf.matMul(rows, weights, false, true);
  return tf.reshape(product, x.shape.with(-1, outputSize));
}
