import * as tf from '@tensorflow/tfjs-core';
import type { DropoutOperator } from '../../../core/graph/operators/operator';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import type { RunContext } from '../runContext';
import { withoutGradient } from './withoutGradient';

/** In training each element is kept with probability 1 - rate, and then divided by that. */
export function runDropout(
  { kind, rate, sharedAxes }: DropoutOperator,
  inputs: NodeInputs,
  { training, seed }: RunContext,
): tf.Tensor {
  const x = requiredInput(inputs, 0, kind);
  if (!training || rate === 0) return tf.clone(x);
  if (rate >= 1) return tf.zerosLike(x);
  const shape = x.shape.map((size, axis) => (sharedAxes.includes(axis) ? 1 : size));
  const noise = withoutGradient(() => {
    const uniform = tf.randomUniform(shape, 0, 1, 'float32', seed);
    return tf.div(tf.cast(tf.greaterEqual(uniform, rate), 'float32'), 1 - rate);
  });
  return tf.mul(x, noise);
}
