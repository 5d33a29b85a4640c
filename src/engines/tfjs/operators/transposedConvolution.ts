import * as tf from '@tensorflow/tfjs-core';
import type { Sides, TransposedConvolutionOperator } from '../../../core/graph/operators/linear';
import { transposedLength } from '../../../core/graph/shapes/imageShapes';
import { cutBefore } from '../../../core/graph/shapes/padding';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { convolveGroups } from './convolution';
import { toFloat } from './elementTypes';
import { onPlanarImage, padPlanar, type Pair, type PlanarWindow } from './planarImages';
import { dilatedKernel, planarKernel, spatialFirst, zerosBetween } from './planarKernels';

/**
 * The gradient of a convolution as a layer: every input element adds its multiple of the kernel to the
 * output, of which the padding is cut off.
 */
export function runTransposedConvolution(
  operator: TransposedConvolutionOperator,
  inputs: NodeInputs,
): tf.Tensor {
  const x = toFloat(requiredInput(inputs, 0, operator.kind));
  const kernel = toFloat(requiredInput(inputs, 1, operator.kind));
  const bias = inputs[2];
  const isLast = operator.kernelLayout === 'spatial-out-in';
  // [height, width, out / groups, in]
  const filters = isLast ? planarKernel(kernel) : spatialFirst(kernel);
  return onPlanarImage(x, operator, (image, window) => {
    const spread = dilatedKernel(filters, window.dilations);
    const whole =
      operator.groups === 1
        ? spreadWhole(image, spread, window.strides)
        : spreadGroups(image, spread, window.strides, operator.groups);
    const y = padPlanar(whole, cutSides(operator, x, whole), 0);
    return bias ? tf.add(y, bias) : y;
  });
}

/** Everything that any input element reaches. */
function spreadWhole(image: tf.Tensor4D, kernel: tf.Tensor4D, strides: Pair): tf.Tensor4D {
  const [batch, height, width] = image.shape;
  const [rows, columns, outputs] = kernel.shape;
  const size: Pair = [(height - 1) * strides[0] + rows, (width - 1) * strides[1] + columns];
  return tf.conv2dTranspose(image, kernel, [batch, ...size, outputs], strides, 'valid');
}

/** The same as a convolution of the input, with zeros between its elements, by the kernel turned round. */
function spreadGroups(
  image: tf.Tensor4D,
  kernel: tf.Tensor4D,
  strides: Pair,
  groups: number,
): tf.Tensor4D {
  const [rows, columns, outputs, inputs] = kernel.shape;
  const own = inputs / groups;
  const turned: tf.Tensor4D = tf.reverse(kernel, [0, 1]);
  // [rows, columns, out / groups, groups, in / groups] to [rows, columns, in / groups, groups * out / groups]
  const parts = tf.reshape(turned, [rows * columns, outputs, groups, own]);
  const moved = tf.transpose(parts, [0, 3, 2, 1]);
  const filters: tf.Tensor4D = tf.reshape(moved, [rows, columns, own, groups * outputs]);
  const window: PlanarWindow = {
    strides: [1, 1],
    dilations: [1, 1],
    padding: [
      [rows - 1, rows - 1],
      [columns - 1, columns - 1],
    ],
  };
  return convolveGroups(zerosBetween(image, [1, 2], strides), filters, window, groups);
}

/** What is cut off the whole (negative), or added after it, so that it has the operator's size. */
function cutSides(
  operator: TransposedConvolutionOperator,
  x: tf.Tensor,
  whole: tf.Tensor4D,
): [Sides, Sides] {
  const isLine = x.rank === 3;
  const first = operator.dataFormat === 'channelsLast' ? 1 : 2;
  const along = (planarAxis: 0 | 1): Sides => {
    const axis = isLine ? planarAxis - 1 : planarAxis;
    if (axis < 0) return [0, 0];
    return cutAlong(operator, axis, x.shape[first + axis] ?? 1, whole.shape[planarAxis + 1] ?? 1);
  };
  return [along(0), along(1)];
}

function cutAlong(
  operator: TransposedConvolutionOperator,
  axis: number,
  length: number,
  whole: number,
): Sides {
  const { padding, strides, dilations } = operator;
  const stride = strides[axis] ?? 1;
  const dilation = dilations[axis] ?? 1;
  const extent = whole - (length - 1) * stride;
  const window = operator.dilations.map(() => (extent - 1) / dilation + 1);
  const wanted = transposedLength(length, axis, window, operator);
  const before = cutBefore(padding, axis, Math.max(whole - wanted, 0));
  return [-before, wanted - whole + before];
}
