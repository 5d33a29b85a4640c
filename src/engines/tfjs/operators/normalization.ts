import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormalizationOperator } from '../../../core/graph/operators/normalization';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import type { RunContext } from '../runContext';
import { axisOf } from './axes';

/** With the stored statistics; in training with those of the batch, which are handed to the context. */
export function runBatchNormalization(
  operator: BatchNormalizationOperator,
  inputs: NodeInputs,
  context: RunContext,
): tf.Tensor {
  const x = requiredInput(inputs, 0, operator.kind);
  const [, gamma, beta] = inputs;
  const axis = axisOf(x, operator.axis);
  const { mean, variance } = context.training
    ? statisticsOfBatch(x, axis, context)
    : {
        mean: requiredInput(inputs, 3, operator.kind),
        variance: requiredInput(inputs, 4, operator.kind),
      };
  const inverse = tf.rsqrt(tf.add(variance, operator.epsilon));
  const scale = gamma ? tf.mul(inverse, gamma) : inverse;
  const shape = x.shape.map((size, i) => (i === axis ? size : 1));
  const along = (values: tf.Tensor): tf.Tensor => tf.reshape(values, shape);
  const y = tf.mul(tf.sub(x, along(mean)), along(scale));
  return beta ? tf.add(y, along(beta)) : y;
}

function statisticsOfBatch(
  x: tf.Tensor,
  axis: number,
  context: RunContext,
): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const statistics = tf.moments(x, others);
  context.takeStatistics?.(statistics.mean, statistics.variance);
  return statistics;
}
