import * as tf from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../core/graph/graph';
import { withoutGradient } from './withoutGradient';

export function isFloat(x: tf.Tensor): boolean {
  return x.dtype === 'float32';
}

/** The type of a tensor in the graph's terms. */
export function elementTypeOf(x: tf.Tensor): ElementType {
  return x.dtype === 'float32' || x.dtype === 'bool' ? x.dtype : 'int32';
}

/** The type that values of several types are brought to: the widest. */
export function commonType(inputs: readonly tf.Tensor[]): ElementType {
  const types = inputs.map(elementTypeOf);
  if (types.includes('float32')) return 'float32';
  return types.includes('int32') ? 'int32' : 'bool';
}

/** As floats; integers carry no gradient. */
export function toFloat(x: tf.Tensor): tf.Tensor {
  return isFloat(x) ? x : withoutGradient(() => tf.cast(x, 'float32'));
}

/** Runs what only moves elements about: the engine's kernels for it do not know bool. */
export function movingElements(x: tf.Tensor, move: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  if (x.dtype !== 'bool') return move(x);
  return tf.cast(move(tf.cast(x, 'int32')), 'bool');
}

/** Runs on floats what the engine has for floats only, and returns to the type that was given. */
export function throughFloat(x: tf.Tensor, run: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  if (isFloat(x)) return run(x);
  return withoutGradient(() => tf.cast(run(tf.cast(x, 'float32')), elementTypeOf(x)));
}
