import * as tf from '@tensorflow/tfjs-core';
import type { SliceOperator } from '../../../core/graph/operators/shape';
import { axisOf, takeAlong } from './axes';
import { movingElements } from './elementTypes';

/** Neighbours by the engine's own slice; steps by their places, whose gradient the engine has. */
export function runSlice(operator: SliceOperator, x: tf.Tensor): tf.Tensor {
  return movingElements(x, (values) => {
    const near = sliceNeighbours(operator, values);
    return operator.axes.reduce((taken, _, i) => stepAlong(operator, i, taken), near);
  });
}

function sliceNeighbours({ axes, starts, sizes, steps }: SliceOperator, x: tf.Tensor): tf.Tensor {
  const from = x.shape.map(() => 0);
  const size = [...x.shape];
  axes.forEach((axis, i) => {
    if ((steps[i] ?? 1) !== 1) return;
    const at = axisOf(x, axis);
    const length = x.shape[at] ?? 0;
    const start = Math.min(starts[i] ?? 0, length);
    from[at] = start;
    size[at] = (sizes[i] ?? -1) < 0 ? length - start : (sizes[i] ?? 0);
  });
  return tf.slice(x, from, size);
}

function stepAlong(
  { axes, starts, sizes, steps }: SliceOperator,
  index: number,
  x: tf.Tensor,
): tf.Tensor {
  const step = steps[index] ?? 1;
  if (step === 1) return x;
  const start = starts[index] ?? 0;
  const places = Array.from({ length: sizes[index] ?? 0 }, (_, i) => start + i * step);
  return takeAlong(x, axisOf(x, axes[index] ?? 0), places);
}
