import * as tf from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../core/graph/graph';
import type { MergeOperator } from '../../../core/graph/operators/elementwise';
import { withRank } from '../../../core/graph/shapes/broadcast';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { broadcast } from './broadcast';
import { commonType, toFloat } from './elementTypes';
import { mapHost } from './hostArrays';
import { withoutGradient } from './withoutGradient';

/** Element by element, inputs of fewer axes brought to the rank of the others. */
export function runMerge({ kind, mode, alignment }: MergeOperator, inputs: NodeInputs): tf.Tensor {
  const given = inputs.filter((input) => input !== null);
  const first = requiredInput(given, 0, kind);
  const rank = Math.max(...given.map((input) => input.rank));
  const aligned = given.map((input) =>
    input.rank === rank ? input : tf.reshape(input, [...withRank(input.shape, rank, alignment)]),
  );
  const type = commonType(given);
  if (type !== 'float32') return mergeIntegers(mode, aligned, type);
  const floats = aligned.map(toFloat);
  if (floats.length === 1) return tf.clone(toFloat(first));
  const result = floats.reduce((a, b) => combine(mode, a, b));
  return mode === 'average' ? tf.div(result, given.length) : result;
}

type Mode = MergeOperator['mode'];

function combine(mode: Mode, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  switch (mode) {
    case 'add':
    case 'average':
      return tf.add(a, b);
    case 'subtract':
      return tf.sub(a, b);
    case 'multiply':
      return tf.mul(a, b);
    case 'maximum':
      return ofWhole(a, b, tf.maximum);
    case 'minimum':
      return ofWhole(a, b, tf.minimum);
    case 'divide':
      return tf.div(a, b);
    case 'power':
      return tf.pow(a, b);
    case 'modulo':
      return tf.mod(a, b);
    case 'remainder':
      return tf.sub(a, tf.mul(truncatedQuotient(a, b), b));
    case 'floorDivide':
      return tf.floor(tf.div(a, b));
    case 'truncateDivide':
      return truncatedQuotient(a, b);
    case 'squaredDifference':
      return tf.square(tf.sub(a, b));
    case 'atan2':
      return tf.atan2(a, b);
  }
}

/** The engine's gradients of these do not add up what was broadcast. */
function ofWhole(
  a: tf.Tensor,
  b: tf.Tensor,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return run(broadcast(a, shape), broadcast(b, shape));
}

/** Towards zero; its derivative is zero. */
function truncatedQuotient(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return withoutGradient(() => {
    const quotient = tf.div(a, b);
    return tf.mul(tf.sign(quotient), tf.floor(tf.abs(quotient)));
  });
}

function mergeIntegers(mode: Mode, inputs: readonly tf.Tensor[], type: ElementType): tf.Tensor {
  if (mode === 'average') {
    return mapHost(inputs, type, (...values) =>
      Math.trunc(values.reduce((a, b) => a + b) / values.length),
    );
  }
  const two = INTEGERS[mode];
  return mapHost(inputs, type, (...values) => values.reduce(two));
}

/** Products wrap round as 32-bit integers do; a division by zero gives 0, as it cannot give infinity. */
const INTEGERS: Record<Exclude<Mode, 'average'>, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: Math.imul,
  divide: (a, b) => Math.trunc(a / b),
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  power: (a, b) => Math.trunc(a ** b),
  modulo: (a, b) => a - Math.floor(a / b) * b,
  remainder: (a, b) => a % b,
  floorDivide: (a, b) => Math.floor(a / b),
  truncateDivide: (a, b) => Math.trunc(a / b),
  squaredDifference: (a, b) => Math.imul(a - b, a - b),
  atan2: (a, b) => Math.trunc(Math.atan2(a, b)),
};
