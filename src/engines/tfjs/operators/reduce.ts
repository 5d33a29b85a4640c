import * as tf from '@tensorflow/tfjs-core';
import type { ReduceOperator } from '../../../core/graph/operators/reduction';
import { axesOf } from './axes';
import { elementTypeOf, isFloat, throughFloat } from './elementTypes';
import { forEachBroadcast, fromHost, toHost } from './hostArrays';

/** One number from the elements along some axes. */
export function runReduce(operator: ReduceOperator, x: tf.Tensor): tf.Tensor {
  const { mode, keepDims } = operator;
  const axes = axesOf(x, operator.axes);
  if (mode === 'any' || mode === 'all') return countTrue(mode, x, { axes, keepDims });
  const exact = ON_INTEGERS[mode];
  if (!isFloat(x) && exact !== undefined) {
    const values = foldHost(x, { axes, keepDims }, exact);
    return fromHost(values.made, values.shape, elementTypeOf(x));
  }
  // Nothing is reduced along no axes, but the function still applies to each element.
  return throughFloat(x, (values) => reduceFloats(mode, values, axes, keepDims));
}

type Mode = Exclude<ReduceOperator['mode'], 'any' | 'all'>;

function reduceFloats(mode: Mode, x: tf.Tensor, axes: number[], keepDims: boolean): tf.Tensor {
  if (axes.length === 0) return reduceFloats(mode, tf.expandDims(x, 0), [0], false);
  switch (mode) {
    case 'sum':
      return tf.sum(x, axes, keepDims);
    case 'mean':
      return tf.mean(x, axes, keepDims);
    case 'max':
      return tf.max(x, axes, keepDims);
    case 'min':
      return tf.min(x, axes, keepDims);
    case 'prod':
      return product(x, axes, keepDims);
    case 'l1':
      return tf.sum(tf.abs(x), axes, keepDims);
    case 'l2':
      return rootOfSum(tf.sum(tf.square(x), axes, keepDims));
    case 'sumSquare':
      return tf.sum(tf.square(x), axes, keepDims);
    case 'logSum':
      return tf.log(tf.sum(x, axes, keepDims));
    case 'logSumExp':
      return tf.logSumExp(x, axes, keepDims);
    case 'variance':
      return tf.moments(x, axes, keepDims).variance;
  }
}

/**
 * By halves, element times element: so the gradient is right where elements are zero, and needs no
 * cumulative product, whose own gradient the engine lacks.
 */
function product(x: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const outer = kept.map((axis) => x.shape[axis] ?? 1);
  const rows = outer.reduce((a, b) => a * b, 1);
  const length = x.size / Math.max(rows, 1);
  let factors = tf.reshape(tf.transpose(x, [...kept, ...axes]), [rows, length]);
  for (let size = length; size > 1; size = Math.ceil(size / 2)) {
    const half = Math.floor(size / 2);
    const pairs: tf.Tensor = tf.mul(
      tf.slice(factors, [0, 0], [rows, half]),
      tf.slice(factors, [0, half], [rows, half]),
    );
    factors =
      size % 2 === 0 ? pairs : tf.concat([pairs, tf.slice(factors, [0, size - 1], [rows, 1])], 1);
  }
  const made = length === 0 ? tf.ones([rows, 1]) : factors;
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return tf.reshape(made, keepDims ? shape : outer);
}

/** The root of a sum of squares, with a gradient of zero at zero, where the root's own is infinite. */
function rootOfSum(sum: tf.Tensor): tf.Tensor {
  const root = tf.customGrad((x, save) => {
    const value = tf.sqrt(x as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    const gradFunc = (dy: tf.Tensor, [y = value]: tf.Tensor[]): tf.Tensor =>
      tf.divNoNan(tf.mul(dy, 0.5), y);
    return { value, gradFunc };
  });
  return root(sum);
}

interface Along {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

function countTrue(mode: 'any' | 'all', x: tf.Tensor, along: Along): tf.Tensor {
  const { made, shape } =
    mode === 'any'
      ? foldHost(x, along, { start: 0, fold: (found, value) => Number(found !== 0 || value !== 0) })
      : foldHost(x, along, {
          start: 1,
          fold: (found, value) => Number(found !== 0 && value !== 0),
        });
  return fromHost(made, shape, 'bool');
}

interface Fold {
  readonly start: number;
  readonly fold: (made: number, value: number) => number;
  /** From the folded number and how many there were. */
  readonly finish?: (made: number, count: number) => number;
}

/** What float32 would round. */
const ON_INTEGERS: Partial<Record<Mode, Fold>> = {
  sum: { start: 0, fold: (sum, value) => sum + value },
  mean: {
    start: 0,
    fold: (sum, value) => sum + value,
    finish: (sum, count) => Math.trunc(sum / count),
  },
  max: { start: -(2 ** 31), fold: (a, b) => Math.max(a, b) },
  min: { start: 2 ** 31 - 1, fold: (a, b) => Math.min(a, b) },
  prod: { start: 1, fold: Math.imul },
  l1: { start: 0, fold: (sum, value) => sum + Math.abs(value) },
  sumSquare: { start: 0, fold: (sum, value) => sum + value * value },
};

function foldHost(
  x: tf.Tensor,
  { axes, keepDims }: Along,
  { start, fold, finish }: Fold,
): { readonly made: Float64Array; readonly shape: number[] } {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const made = new Float64Array(kept.reduce((a, b) => a * b, 1)).fill(start);
  const values = toHost(x);
  forEachBroadcast(x.shape, [kept], (flat, [to = 0]) => {
    made[to] = fold(made[to] ?? start, values[flat] ?? 0);
  });
  const count = x.size / Math.max(made.length, 1);
  if (finish !== undefined) made.forEach((value, i) => (made[i] = finish(value, count)));
  return { made, shape: keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis)) };
}
