import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../../core/errors';
import type { PadOperator } from '../../../core/graph/operators/shape';

/** One value around x. */
export function runPad({ mode, sides, value }: PadOperator, x: tf.Tensor): tf.Tensor {
  if (mode !== 'constant' || sides.flat().some((size) => size < 0)) {
    throw new UnsupportedError({ feature: 'padding', found: mode, supported: 'constant' });
  }
  return tf.pad(
    x,
    sides.map(([before, after]) => [before, after]),
    value,
  );
}
