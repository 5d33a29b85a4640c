import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './planarImages';

/** A kernel over one axis as one over two. @param kernel [...spatial, a, b] */
export function planarKernel(kernel: tf.Tensor): tf.Tensor4D {
  return kernel.rank === 3 ? tf.expandDims(kernel, 0) : (kernel as tf.Tensor4D);
}

/** [a, b, ...spatial] as [height, width, b, a]. */
export function spatialFirst(kernel: tf.Tensor): tf.Tensor4D {
  const spatial = kernel.shape.map((_, axis) => axis).slice(2);
  return planarKernel(tf.transpose(kernel, [...spatial, 1, 0]));
}

/** Zeros between the elements, so that dilation is no longer needed: the same sums over a larger window. */
export function dilatedKernel(kernel: tf.Tensor4D, dilations: Pair): tf.Tensor4D {
  return zerosBetween(kernel, [0, 1], dilations);
}

type Shape4D = tf.Tensor4D['shape'];

/** `steps[i] - 1` zeros between neighbours along `axes[i]`. */
export function zerosBetween(x: tf.Tensor4D, axes: Pair, steps: Pair): tf.Tensor4D {
  return axes.reduce((spread, axis, i) => spreadAlong(spread, axis, steps[i] ?? 1), x);
}

function spreadAlong(x: tf.Tensor4D, axis: number, step: number): tf.Tensor4D {
  if (step === 1) return x;
  const shape: number[] = x.shape;
  const size = shape[axis] ?? 1;
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const rows = tf.reshape(x, [outer * size, 1, inner]);
  const padded = tf.pad(rows, [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const spread = tf.reshape(padded, [outer, size * step, inner]);
  const length = (size - 1) * step + 1;
  const cut = tf.slice(spread, [0, 0, 0], [outer, length, inner]);
  return tf.reshape(cut, shape.with(axis, length) as Shape4D);
}
