import * as tf from '@tensorflow/tfjs-core';
import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
} from '../../../core/graph/operators/linear';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { toFloat } from './elementTypes';
import {
  extentOf,
  onPlanarImage,
  padPlanar,
  type Pair,
  planarSides,
  type PlanarWindow,
} from './planarImages';
import { dilatedKernel, planarKernel, spatialFirst } from './planarKernels';

/** Over one or two spatial axes, in groups. */
export function runConvolution(operator: ConvolutionOperator, inputs: NodeInputs): tf.Tensor {
  const x = toFloat(requiredInput(inputs, 0, operator.kind));
  const kernel = toFloat(requiredInput(inputs, 1, operator.kind));
  const bias = inputs[2];
  const isLast = operator.kernelLayout === 'spatial-in-out';
  const filters = isLast ? planarKernel(kernel) : spatialFirst(kernel);
  return onPlanarImage(x, operator, (image, window) => {
    const y = convolveGroups(image, filters, window, operator.groups);
    return bias ? tf.add(y, bias) : y;
  });
}

/** Kernel [...spatial, channels, multiplier]. */
export function runDepthwiseConvolution(
  operator: DepthwiseConvolutionOperator,
  inputs: NodeInputs,
): tf.Tensor {
  const x = toFloat(requiredInput(inputs, 0, operator.kind));
  const kernel = planarKernel(toFloat(requiredInput(inputs, 1, operator.kind)));
  const bias = inputs[2];
  return onPlanarImage(x, operator, (image, window) => {
    const y = windowed(image, kernel, window, tf.depthwiseConv2d);
    return bias ? tf.add(y, bias) : y;
  });
}

/** @param kernel [height, width, in / groups, out] */
export function convolveGroups(
  image: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: PlanarWindow,
  groups: number,
): tf.Tensor4D {
  if (groups === 1) return windowed(image, kernel, window, tf.conv2d);
  const [height, width, perGroup, outputs] = kernel.shape;
  if (perGroup === 1) {
    const filters: tf.Tensor4D = tf.reshape(kernel, [height, width, groups, outputs / groups]);
    return windowed(image, filters, window, tf.depthwiseConv2d);
  }
  // The engine ignores groups: each is a convolution of its own channels and filters.
  const images: tf.Tensor4D[] = tf.split(image, groups, 3);
  const kernels: tf.Tensor4D[] = tf.split(kernel, groups, 3);
  const made = images.map((channels, i) => {
    const filters = kernels[i];
    if (filters === undefined) throw new Error(`group ${i} has no kernel`);
    return windowed(channels, filters, window, tf.conv2d);
  });
  return tf.concat(made, 3);
}

type Convolve = typeof tf.conv2d | typeof tf.depthwiseConv2d;

/** With the padding written out but for `same`, because not every backend takes it. */
function windowed(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: PlanarWindow,
  convolve: Convolve,
): tf.Tensor4D {
  const { strides, dilations } = window;
  const [height, width] = kernel.shape;
  const extents: Pair = [extentOf(height, dilations[0]), extentOf(width, dilations[1])];
  const isSame = window.padding === 'same';
  const image = isSame ? x : padPlanar(x, planarSides(x, window, extents), 0);
  const padding = isSame ? 'same' : 'valid';
  const plain = (input: tf.Tensor4D, filters: tf.Tensor4D): tf.Tensor4D =>
    convolve(input, dilatedKernel(filters, dilations), strides, padding);
  if (Math.max(...dilations) === 1) return plain(image, kernel);
  if (Math.max(...strides) > 1) return plain(image, kernel);
  return dilated(image, kernel, {
    plain,
    run: (input, filters) => convolve(input, filters, strides, padding, 'NHWC', dilations),
  });
}

type Convolution = (image: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D;

/**
 * The engine convolves with dilation (where it does not stride as well), but cannot differentiate that: the
 * gradient is the one of the same convolution with zeros in the kernel.
 */
function dilated(
  image: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { plain, run }: { readonly plain: Convolution; readonly run: Convolution },
): tf.Tensor4D {
  const convolve = tf.customGrad((x, filters, save) => {
    const [input, weights] = [x as tf.Tensor4D, filters as tf.Tensor4D];
    (save as tf.GradSaveFunc)([input, weights]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
      tf.grads((a, b) => plain(a as tf.Tensor4D, b as tf.Tensor4D))(saved, dy);
    return { value: run(input, weights), gradFunc };
  });
  return convolve(image, kernel);
}
