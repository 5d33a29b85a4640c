import * as tf from '@tensorflow/tfjs-core';
import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
} from '../../../core/graph/operators/linear';
import type { NodeInputs } from '../runNode';
import { inChannelsLast, padImage, pair } from './layouts';

/** Over two spatial axes. */
export function runConvolution(
  operator: ConvolutionOperator,
  x: tf.Tensor,
  [, kernel, bias]: NodeInputs,
): tf.Tensor {
  if (!kernel) throw new Error('a convolution has a kernel');
  const isLast = operator.kernelLayout === 'spatial-in-out';
  const filters = (isLast ? kernel : tf.transpose(kernel, [2, 3, 1, 0])) as tf.Tensor4D;
  return inChannelsLast(x, operator.dataFormat, (image) => {
    const y =
      operator.groups === 1
        ? convolve(operator, image, filters)
        : grouped(operator, image, filters);
    return bias ? tf.add(y, bias) : y;
  });
}

function convolve(operator: ConvolutionOperator, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const { image, padding } = padImage(x, operator.padding, 0);
  const [strides, dilations] = [pair(operator.strides), pair(operator.dilations)];
  return tf.conv2d(image, kernel, strides, padding, 'NHWC', dilations);
}

/** The engine ignores groups: each is a convolution of its own channels and filters. */
function grouped(operator: ConvolutionOperator, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
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
export function runDepthwiseConvolution(
  operator: DepthwiseConvolutionOperator,
  x: tf.Tensor,
  [, kernel, bias]: NodeInputs,
): tf.Tensor {
  if (!kernel) throw new Error('a depthwise convolution has a kernel');
  return inChannelsLast(x, operator.dataFormat, (input) => {
    const { image, padding } = padImage(input, operator.padding, 0);
    const [strides, dilations] = [pair(operator.strides), pair(operator.dilations)];
    const filters = kernel as tf.Tensor4D;
    const y = tf.depthwiseConv2d(image, filters, strides, padding, 'NHWC', dilations);
    return bias ? tf.add(y, bias) : y;
  });
}
