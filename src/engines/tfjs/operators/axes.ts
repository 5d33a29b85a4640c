import * as tf from '@tensorflow/tfjs-core';
import { broadcast } from './broadcast';
import { lanesOf } from './hostArrays';

/** An axis counted from the front. */
export function axisOf(x: tf.Tensor, axis: number): number {
  return axis < 0 ? axis + x.rank : axis;
}

/** Axes counted from the front, each once, in rising order; all of them for null. */
export function axesOf(x: tf.Tensor, axes: readonly number[] | null): number[] {
  if (axes === null) return x.shape.map((_, axis) => axis);
  return [...new Set(axes.map((axis) => axisOf(x, axis)))].sort((a, b) => a - b);
}

/** Elements of an axis by places known beforehand, again and again where they repeat. */
export function takeAlong(x: tf.Tensor, axis: number, places: readonly number[]): tf.Tensor {
  if (places.length === 0) return tf.zeros(x.shape.with(axis, 0), x.dtype);
  if (places.every((place, i) => i === 0 || place === (places[i - 1] ?? 0) + 1)) {
    return sliceAlong(x, axis, places[0] ?? 0, places.length);
  }
  const times = places.length / (x.shape[axis] ?? 1);
  const repeatsEach =
    Number.isInteger(times) && places.every((place, i) => place === Math.floor(i / times));
  if (repeatsEach) return repeatEach(x, axis, times);
  return tf.gather(x, tf.tensor1d([...places], 'int32'), axis);
}

/** Each element several times, by broadcasting a new axis after it: far faster than taking each by its place. */
function repeatEach(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  const { outer, size, inner } = lanesOf(x.shape, axis);
  const rows = tf.reshape(x, [outer * size, 1, inner]);
  const repeated = broadcast(rows, [outer * size, times, inner]);
  return tf.reshape(repeated, x.shape.with(axis, size * times));
}

/** Neighbouring elements of an axis. */
export function sliceAlong(x: tf.Tensor, axis: number, start: number, size: number): tf.Tensor {
  const starts = x.shape.map((_, i) => (i === axis ? start : 0));
  return tf.slice(x, starts, x.shape.with(axis, size));
}

/** Runs with an axis moved to the end, and moves it back. */
export function withAxisLast(
  x: tf.Tensor,
  axis: number,
  run: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const at = axisOf(x, axis);
  if (at === x.rank - 1) return run(x);
  const order = x.shape.map((_, i) => i).filter((i) => i !== at);
  const forth = [...order, at];
  const back = forth.map((_, i) => forth.indexOf(i));
  return tf.transpose(run(tf.transpose(x, forth)), back);
}
