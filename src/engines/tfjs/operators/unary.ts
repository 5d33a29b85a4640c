import * as tf from '@tensorflow/tfjs-core';
import type { UnaryFunction } from '../../../core/graph/operators/activation';
import { elementTypeOf, isFloat, throughFloat } from './elementTypes';
import { mapHost } from './hostArrays';
import { withoutGradient } from './withoutGradient';

/** Mathematics on each element; integers stay integers, towards zero. */
export function runUnary(name: UnaryFunction, x: tf.Tensor): tf.Tensor {
  if (name === 'not') return mapHost([x], 'bool', (value) => (value === 0 ? 1 : 0));
  if (name === 'isNaN' || name === 'isInf') return questioned(name, x);
  const exact = ON_INTEGERS[name];
  if (!isFloat(x) && exact !== undefined) return mapHost([x], elementTypeOf(x), exact);
  return throughFloat(x, ON_FLOATS[name]);
}

function questioned(name: 'isNaN' | 'isInf', x: tf.Tensor): tf.Tensor {
  if (!isFloat(x)) return mapHost([x], 'bool', () => 0);
  return withoutGradient(() => (name === 'isNaN' ? tf.isNaN(x) : tf.isInf(x)));
}

type Questions = 'not' | 'isNaN' | 'isInf';

/** What float32 would round. */
const ON_INTEGERS: Partial<Record<UnaryFunction, (value: number) => number>> = {
  abs: Math.abs,
  ceil: (value) => value,
  floor: (value) => value,
  negate: (value) => -value,
  round: (value) => value,
  sign: Math.sign,
  square: (value) => Math.imul(value, value),
};

const ON_FLOATS: Record<Exclude<UnaryFunction, Questions>, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  cos: tf.cos,
  cosh: tf.cosh,
  erf: tf.erf,
  expm1: tf.expm1,
  floor: tf.floor,
  log: tf.log,
  log1p: tf.log1p,
  negate: tf.neg,
  reciprocal: tf.reciprocal,
  round: tf.round,
  rsqrt: tf.rsqrt,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  sqrt: tf.sqrt,
  square: tf.square,
  tan: tf.tan,
};
