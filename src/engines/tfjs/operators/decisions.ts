import * as tf from '@tensorflow/tfjs-core';
import type {
  CastOperator,
  CompareOperator,
  LogicalOperator,
  SelectOperator,
} from '../../../core/graph/operators/elementwise';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { broadcast } from './broadcast';
import { commonType, isFloat, toFloat } from './elementTypes';
import { mapHost } from './hostArrays';
import { maskOf, withoutGradient } from './withoutGradient';

/** Integers among themselves are compared exactly, others as float32. */
export function runCompare({ kind, mode }: CompareOperator, inputs: NodeInputs): tf.Tensor {
  const [a, b] = [requiredInput(inputs, 0, kind), requiredInput(inputs, 1, kind)];
  if (commonType([a, b]) !== 'float32') {
    const holds = HOLDS[mode];
    return mapHost([a, b], 'bool', (x, y) => Number(holds(x, y)));
  }
  return withoutGradient(() => COMPARE[mode](toFloat(a), toFloat(b)));
}

type Comparison = CompareOperator['mode'];

const HOLDS: Record<Comparison, (a: number | undefined, b: number | undefined) => boolean> = {
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  greater: (a = 0, b = 0) => a > b,
  greaterOrEqual: (a = 0, b = 0) => a >= b,
  less: (a = 0, b = 0) => a < b,
  lessOrEqual: (a = 0, b = 0) => a <= b,
};

const COMPARE: Record<Comparison, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterOrEqual: tf.greaterEqual,
  less: tf.less,
  lessOrEqual: tf.lessEqual,
};

export function runLogical({ kind, mode }: LogicalOperator, inputs: NodeInputs): tf.Tensor {
  const [a, b] = [requiredInput(inputs, 0, kind), requiredInput(inputs, 1, kind)];
  return mapHost([a, b], 'bool', (x, y) => Number(LOGICAL[mode](x !== 0, y !== 0)));
}

const LOGICAL: Record<LogicalOperator['mode'], (a: boolean, b: boolean) => boolean> = {
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  xor: (a, b) => a !== b,
};

export function runSelect({ kind }: SelectOperator, inputs: NodeInputs): tf.Tensor {
  const [condition, a, b] = [0, 1, 2].map((index) => requiredInput(inputs, index, kind));
  if (condition === undefined || a === undefined || b === undefined)
    throw new Error('three inputs');
  const type = commonType([a, b]);
  if (type !== 'float32') {
    return mapHost([condition, a, b], type, (holds, x = 0, y = 0) => (holds === 0 ? y : x));
  }
  return selectFloats(isTrue(condition), toFloat(a), toFloat(b));
}

/** The engine's own does not add up the gradients of what it broadcasts. */
function selectFloats(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const { assertAndGetBroadcastShape } = tf.broadcast_util;
  const shape = assertAndGetBroadcastShape(
    condition.shape,
    assertAndGetBroadcastShape(a.shape, b.shape),
  );
  const whole = (x: tf.Tensor): tf.Tensor => broadcast(x, shape);
  const chosen = withoutGradient(() => tf.cast(whole(tf.cast(condition, 'float32')), 'bool'));
  return tf.where(chosen, whole(a), whole(b));
}

function isTrue(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'bool' ? x : maskOf(() => tf.notEqual(x, 0));
}

/** To integers towards zero; only floats that stay floats carry a gradient. */
export function runCast({ to }: CastOperator, x: tf.Tensor): tf.Tensor {
  if (x.dtype === to) return tf.clone(x);
  if (to === 'bool') {
    return isFloat(x)
      ? withoutGradient(() => tf.notEqual(x, 0))
      : mapHost([x], 'bool', (value) => value);
  }
  return withoutGradient(() => tf.cast(x, to));
}
