import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '../../../core/graph/operators/linear';
import type { PadOperator } from '../../../core/graph/operators/shape';
import { takeAlong } from './axes';
import { movingElements } from './elementTypes';

/** Crops, and then adds one value or repeats of the array around it. */
export function runPad(operator: PadOperator, x: tf.Tensor): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  return movingElements(x, (values) => padElements(operator, values));
}

function padElements({ mode, sides, value }: PadOperator, x: tf.Tensor): tf.Tensor {
  const inside = crop(x, sides);
  const added = sides.map(([before, after]): [number, number] => [
    Math.max(before, 0),
    Math.max(after, 0),
  ]);
  if (mode === 'constant') return tf.pad(inside, added, value);
  const place = PLACES[mode];
  const made = added.reduce((padded, [before, after], axis) => {
    const size = padded.shape[axis] ?? 1;
    if (before + after === 0) return padded;
    const places = Array.from({ length: before + size + after }, (_, i) => place(i - before, size));
    return takeAlong(padded, axis, places);
  }, inside);
  return made === x ? tf.clone(x) : made;
}

function crop(x: tf.Tensor, sides: readonly Sides[]): tf.Tensor {
  if (sides.flat().every((side) => side >= 0)) return x;
  const starts = sides.map(([before]) => Math.max(-before, 0));
  const sizes = x.shape.map((size, axis) => {
    const after = sides[axis]?.[1] ?? 0;
    return Math.max(0, size - (starts[axis] ?? 0) - Math.max(-after, 0));
  });
  return tf.slice(x, starts, sizes);
}

type Repeating = Exclude<PadOperator['mode'], 'constant'>;

/** Which element of an axis stands at a place before, in or after it. */
const PLACES: Record<Repeating, (place: number, size: number) => number> = {
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  wrap: (place, size) => modulo(place, size),
  reflect: (place, size) => {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const within = modulo(place, period);
    return within < size ? within : period - within;
  },
};

function modulo(place: number, size: number): number {
  return ((place % size) + size) % size;
}
