import * as tf from '@tensorflow/tfjs-core';
import type { Conv2dOperator, DepthwiseConv2dOperator } from '../../../core/graph/graph';
import type { Parameters } from '../parameters';
import { inChannelsLast, padImage } from './layouts';

/** Kernels were brought to [height, width, channels / groups, filters]. */
export function runConv2d(
  operator: Conv2dOperator,
  x: tf.Tensor,
  parameters: Parameters,
): tf.Tensor {
  const kernel = parameters.get(operator.kernel) as tf.Tensor4D;
  return inChannelsLast(x, operator.dataFormat, (image) => {
    const y =
      operator.groups === 1 ? convolve(operator, image, kernel) : grouped(operator, image, kernel);
    return withBias(y, operator.bias, parameters);
  });
}

function convolve(operator: Conv2dOperator, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const { image, padding } = padImage(x, operator.padding, 0);
  const [strides, dilations] = [pair(operator.strides), pair(operator.dilations)];
  return tf.conv2d(image, kernel, strides, padding, 'NHWC', dilations);
}

/** The engine ignores groups: each is a convolution of its own channels and filters. */
function grouped(operator: Conv2dOperator, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const images: tf.Tensor4D[] = tf.split(x, operator.groups, 3);
  const kernels: tf.Tensor4D[] = tf.split(kernel, operator.groups, 3);
  const outputs = images.map((image, i) => {
    const own = kernels[i];
    if (own === undefined) throw new Error(`group ${i} has no kernel`);
    return convolve(operator, image, own);
  });
  return tf.concat(outputs, 3);
}

/** Kernel [height, width, channels, multiplier]. */
export function runDepthwiseConv2d(
  operator: DepthwiseConv2dOperator,
  x: tf.Tensor,
  parameters: Parameters,
): tf.Tensor {
  const kernel = parameters.get(operator.kernel) as tf.Tensor4D;
  return inChannelsLast(x, operator.dataFormat, (input) => {
    const { image, padding } = padImage(input, operator.padding, 0);
    const [strides, dilations] = [pair(operator.strides), pair(operator.dilations)];
    const y = tf.depthwiseConv2d(image, kernel, strides, padding, 'NHWC', dilations);
    return withBias(y, operator.bias, parameters);
  });
}

function withBias(y: tf.Tensor4D, bias: string | null, parameters: Parameters): tf.Tensor {
  return bias === null ? y : tf.add(y, parameters.get(bias));
}

function pair([height, width]: readonly [number, number]): [number, number] {
  return [height, width];
}
