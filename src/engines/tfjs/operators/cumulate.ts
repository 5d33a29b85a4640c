import * as tf from '@tensorflow/tfjs-core';
import type { CumulateOperator } from '../../../core/graph/operators/reduction';
import { axisOf, sliceAlong, withAxisLast } from './axes';
import { elementTypeOf, isFloat } from './elementTypes';
import { forEachLane, fromHost, lanesOf, toHost } from './hostArrays';
import { runReverse } from './fill';

/** Sum or product of all elements up to each one. */
export function runCumulate(operator: CumulateOperator, x: tf.Tensor): tf.Tensor {
  const axis = axisOf(x, operator.axis);
  if (!isFloat(x)) return cumulateIntegers(operator, x, axis);
  if (operator.mode === 'sum') {
    // Along another axis the engine's gradient is transposed the wrong way, and on WebAssembly a negative axis
    // would overwrite memory.
    return withAxisLast(x, axis, (lanes) =>
      tf.cumsum(lanes, lanes.rank - 1, operator.exclusive, operator.reverse),
    );
  }
  const turn = (values: tf.Tensor): tf.Tensor =>
    operator.reverse ? runReverse({ kind: 'reverse', axes: [axis] }, values) : values;
  return turn(cumulativeProduct(turn(x), axis, operator.exclusive));
}

/**
 * By doubling: after step i each element is the product of 2^i. The engine's own has no gradient.
 * Source: Hillis and Steele, Data parallel algorithms, 1986.
 */
function cumulativeProduct(x: tf.Tensor, axis: number, exclusive: boolean): tf.Tensor {
  const size = x.shape[axis] ?? 1;
  let made = exclusive ? shifted(x, axis, 1) : x;
  for (let reach = 1; reach < size; reach *= 2) made = tf.mul(made, shifted(made, axis, reach));
  return made === x ? tf.clone(x) : made;
}

/** Each element `by` places further, ones before. */
function shifted(x: tf.Tensor, axis: number, by: number): tf.Tensor {
  const size = x.shape[axis] ?? 1;
  const ones = tf.ones(x.shape.with(axis, Math.min(by, size)));
  if (by >= size) return ones;
  return tf.concat([ones, sliceAlong(x, axis, 0, size - by)], axis);
}

function cumulateIntegers(
  { mode, exclusive, reverse }: CumulateOperator,
  x: tf.Tensor,
  axis: number,
): tf.Tensor {
  const lanes = lanesOf(x.shape, axis);
  const values = toHost(x);
  const made = new Float64Array(x.size);
  forEachLane(lanes, (start) => {
    let total = mode === 'sum' ? 0 : 1;
    for (let i = 0; i < lanes.size; i++) {
      const at = start + (reverse ? lanes.size - 1 - i : i) * lanes.inner;
      const before = total;
      const value = values[at] ?? 0;
      total = mode === 'sum' ? total + value : Math.imul(total, value);
      made[at] = exclusive ? before : total;
    }
  });
  return fromHost(made, x.shape, elementTypeOf(x));
}
