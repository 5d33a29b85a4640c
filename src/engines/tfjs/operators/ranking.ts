import type * as tf from '@tensorflow/tfjs-core';
import type { ArgReduceOperator, TopKOperator } from '../../../core/graph/operators/reduction';
import { axisOf } from './axes';
import { pickAlong } from './gather';
import { forEachLane, fromHost, lanesOf, toHost } from './hostArrays';

/** The place of the largest or smallest element along an axis. */
export function runArgReduce(operator: ArgReduceOperator, x: tf.Tensor): tf.Tensor {
  const axis = axisOf(x, operator.axis);
  const lanes = lanesOf(x.shape, axis);
  const values = toHost(x);
  const sign = operator.mode === 'max' ? 1 : -1;
  const made = new Int32Array(lanes.outer * lanes.inner);
  forEachLane(lanes, (start, lane) => {
    let best = 0;
    let bestValue = sign * (values[start] ?? 0);
    for (let i = 1; i < lanes.size; i++) {
      const value = sign * (values[start + i * lanes.inner] ?? 0);
      if (value > bestValue || (operator.last && value === bestValue)) {
        best = i;
        bestValue = value;
      }
    }
    made[lane] = best;
  });
  const shape = operator.keepDims ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1);
  return fromHost(made, shape, 'int32');
}

/** Equal elements in the order of their places. The engine's own has no gradient and knows the last axis only. */
export function runTopK(operator: TopKOperator, x: tf.Tensor): readonly tf.Tensor[] {
  const axis = axisOf(x, operator.axis);
  const places = rankedPlaces(operator, x, axis);
  const shape = x.shape.with(axis, operator.k);
  return [pickAlong(x, axis, places, shape), fromHost(places, shape, 'int32')];
}

function rankedPlaces({ k, largest }: TopKOperator, x: tf.Tensor, axis: number): Int32Array {
  const lanes = lanesOf(x.shape, axis);
  const values = toHost(x);
  const sign = largest ? -1 : 1;
  const made = new Int32Array(lanes.outer * k * lanes.inner);
  forEachLane(lanes, (start, lane) => {
    const valueAt = (i: number): number => values[start + i * lanes.inner] ?? 0;
    const order = Int32Array.from({ length: lanes.size }, (_, i) => i);
    order.sort((a, b) => sign * (valueAt(a) - valueAt(b)) || a - b);
    const outer = Math.floor(lane / lanes.inner);
    const first = outer * k * lanes.inner + (lane % lanes.inner);
    for (let i = 0; i < k; i++) made[first + i * lanes.inner] = order[i] ?? 0;
  });
  return made;
}
