import * as tf from '@tensorflow/tfjs-core';
import type { MergeOperator } from '../../../core/graph/operators/elementwise';
import type { ConcatenateOperator } from '../../../core/graph/operators/shape';
import { withRank } from '../../../core/graph/shapes/broadcast';

/** Element by element, inputs of fewer axes brought to the rank of the others. */
export function runMerge(
  { mode, alignment }: MergeOperator,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  const rank = Math.max(...inputs.map((input) => input.rank));
  const aligned = inputs.map((input) =>
    input.rank === rank ? input : tf.reshape(input, [...withRank(input.shape, rank, alignment)]),
  );
  const result = aligned.reduce((a, b) => combine(mode, a, b));
  return mode === 'average' ? tf.div(result, inputs.length) : result;
}

function combine(mode: MergeOperator['mode'], a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  switch (mode) {
    case 'add':
    case 'average':
      return tf.add(a, b);
    case 'subtract':
      return tf.sub(a, b);
    case 'multiply':
      return tf.mul(a, b);
    case 'maximum':
      return tf.maximum(a, b);
    case 'minimum':
      return tf.minimum(a, b);
    case 'divide':
      return tf.div(a, b);
    case 'power':
      return tf.pow(a, b);
    case 'modulo':
      return tf.mod(a, b);
    case 'remainder':
      return tf.sub(a, tf.mul(truncate(tf.div(a, b)), b));
    case 'floorDivide':
      return tf.floorDiv(a, b);
    case 'truncateDivide':
      return truncate(tf.div(a, b));
    case 'squaredDifference':
      return tf.squaredDifference(a, b);
    case 'atan2':
      return tf.atan2(a, b);
  }
}

/** Towards zero. */
function truncate(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sign(x), tf.floor(tf.abs(x)));
}

export function runConcatenate(
  { axis }: ConcatenateOperator,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  return tf.concat([...inputs], axis);
}
