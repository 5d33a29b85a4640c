import * as tf from '@tensorflow/tfjs-core';
import type { ConcatenateOperator, MergeOperator } from '../../../core/graph/graph';

/** Element by element; inputs with fewer axes get new ones after the batch, as in Keras. */
export function runMerge({ mode }: MergeOperator, inputs: readonly tf.Tensor[]): tf.Tensor {
  const rank = Math.max(...inputs.map((input) => input.rank));
  const aligned = inputs.map((input) => withRank(input, rank));
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
  }
}

function withRank(x: tf.Tensor, rank: number): tf.Tensor {
  const [batch = 1, ...rest] = x.shape;
  const added = Array.from({ length: rank - x.rank }, () => 1);
  return added.length === 0 ? x : tf.reshape(x, [batch, ...added, ...rest]);
}

export function runConcatenate(
  { axis }: ConcatenateOperator,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  return tf.concat([...inputs], axis);
}
