import * as tf from '@tensorflow/tfjs-core';
import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  Sides,
} from '../../../core/graph/operators/linear';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { takeAlong } from './axes';
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
    const y = windowed(image, kernel, window, DEPTHWISE);
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
  if (groups === 1) return windowed(image, kernel, window, PLAIN);
  const [height, width, perGroup, outputs] = kernel.shape;
  if (perGroup === 1) {
    const filters: tf.Tensor4D = tf.reshape(kernel, [height, width, groups, outputs / groups]);
    return windowed(image, filters, window, DEPTHWISE);
  }
  // The engine ignores groups: each is a convolution of its own channels and filters.
  const images: tf.Tensor4D[] = tf.split(image, groups, 3);
  const kernels: tf.Tensor4D[] = tf.split(kernel, groups, 3);
  const made = images.map((channels, i) => {
    const filters = kernels[i];
    if (filters === undefined) throw new Error(`group ${i} has no kernel`);
    return windowed(channels, filters, window, PLAIN);
  });
  return tf.concat(made, 3);
}

interface Convolution {
  readonly run: typeof tf.conv2d | typeof tf.depthwiseConv2d;
  readonly inputGradient: string;
  readonly filterGradient: string;
}

const PLAIN: Convolution = {
  run: tf.conv2d,
  inputGradient: 'Conv2DBackpropInput',
  filterGradient: 'Conv2DBackpropFilter',
};

const DEPTHWISE: Convolution = {
  run: tf.depthwiseConv2d,
  inputGradient: 'DepthwiseConv2dNativeBackpropInput',
  filterGradient: 'DepthwiseConv2dNativeBackpropFilter',
};

/**
 * With the padding written out, because not every backend takes it, unless it is what they know as `same`: then
 * nothing need be copied.
 */
function windowed(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: PlanarWindow,
  convolution: Convolution,
): tf.Tensor4D {
  const { strides, dilations } = window;
  const [height, width] = kernel.shape;
  const extents: Pair = [extentOf(height, dilations[0]), extentOf(width, dilations[1])];
  const sides = planarSides(x, window, extents);
  if (Math.max(...dilations) === 1 && padsEvenly(x, window, extents, sides)) {
    return convolution.run(x, kernel, strides, 'same');
  }
  const image = padPlanar(x, sides, 0);
  if (Math.max(...dilations) === 1) return convolution.run(image, kernel, strides, 'valid');
  if (Math.max(...strides) === 1) return dilated(image, kernel, dilations, convolution);
  return convolution.run(image, dilatedKernel(kernel, dilations), strides, 'valid');
}

/** Whether these sides, which are not all empty, are those that `same` gives. */
function padsEvenly(
  x: tf.Tensor4D,
  window: PlanarWindow,
  extents: Pair,
  sides: readonly [Sides, Sides],
): boolean {
  if (window.padding === 'same') return true;
  const even = planarSides(x, { ...window, padding: 'same' }, extents).flat();
  const given = sides.flat();
  return given.some((size) => size !== 0) && given.every((size, i) => size === even[i]);
}

/**
 * The engine convolves with dilation (where it does not stride as well), but cannot differentiate that: the
 * gradient is the one of the same convolution with zeros in the kernel.
 */
function dilated(
  image: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilations: Pair,
  convolution: Convolution,
): tf.Tensor4D {
  const convolve = tf.customGrad((x, filters, save) => {
    const [input, weights] = [x as tf.Tensor4D, filters as tf.Tensor4D];
    (save as tf.GradSaveFunc)([input, weights]);
    const value = convolution.run(input, weights, 1, 'valid', 'NHWC', dilations);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [saidInput = input, saidWeights = weights] = saved as tf.Tensor4D[];
      return dilatedGradients({ x: saidInput, kernel: saidWeights, dy }, dilations, convolution);
    };
    return { value, gradFunc };
  });
  return convolve(image, kernel);
}

function dilatedGradients(
  {
    x,
    kernel,
    dy,
  }: { readonly x: tf.Tensor; readonly kernel: tf.Tensor4D; readonly dy: tf.Tensor },
  dilations: Pair,
  { inputGradient, filterGradient }: Convolution,
): tf.Tensor[] {
  const spread = dilatedKernel(kernel, dilations);
  const attributes = { strides: [1, 1], dilations: [1, 1], pad: 'valid', dataFormat: 'NHWC' };
  const engine = tf.engine();
  const dx: tf.Tensor = engine.runKernel(
    inputGradient,
    { dy, filter: spread },
    { ...attributes, inputShape: x.shape },
  );
  const whole: tf.Tensor = engine.runKernel(
    filterGradient,
    { x, dy },
    { ...attributes, filterShape: spread.shape },
  );
  const taken = dilations.reduce((weights, dilation, axis) => {
    const places = Array.from({ length: kernel.shape[axis] ?? 1 }, (_, i) => i * dilation);
    return takeAlong(weights, axis, places);
  }, whole);
  return [dx, taken];
}
