import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '../../../core/graph/operators/linear';
import type { GlobalPoolOperator, PoolOperator } from '../../../core/graph/operators/pooling';
import { windowCount } from '../../../core/graph/shapes/padding';
import { takeAlong } from './axes';
import { throughFloat } from './elementTypes';
import {
  extentOf,
  onPlanarImage,
  padPlanar,
  type Pair,
  pairOf,
  planarSides,
  type PlanarWindow,
} from './planarImages';

/** Padding never wins a maximum, and counts in an average only where the operator says so. */
export function runPool(operator: PoolOperator, x: tf.Tensor): tf.Tensor {
  const size = pairOf(operator.size, x.rank === 3, 1);
  return throughFloat(x, (values) =>
    onPlanarImage(values, operator, (image, window) => {
      const places = windowPlaces(operator, image, window, size);
      return operator.mode === 'max'
        ? maximum(image, places)
        : average(image, places, operator.includePadding);
    }),
  );
}

/** Where windows stand on an image. */
interface WindowPlaces extends Pick<PlanarWindow, 'strides' | 'dilations'> {
  readonly size: Pair;
  /** How many windows there are along height and width. */
  readonly counts: Pair;
  /** As the operator says. */
  readonly given: readonly [Sides, Sides];
  /** With what a last window needs that reaches beyond. */
  readonly sides: readonly [Sides, Sides];
}

function windowPlaces(
  { ceil }: PoolOperator,
  image: tf.Tensor4D,
  window: PlanarWindow,
  size: Pair,
): WindowPlaces {
  const { strides, dilations, padding } = window;
  const extents: Pair = [extentOf(size[0], dilations[0]), extentOf(size[1], dilations[1])];
  const given = planarSides(image, window, extents);
  const along = (axis: 0 | 1): { readonly count: number; readonly sides: Sides } => {
    const [length, stride, extent] = [image.shape[axis + 1] ?? 1, strides[axis], extents[axis]];
    const count = windowCount(length, { stride, extent, padding, axis }, ceil);
    const [before, after] = given[axis];
    const needed = (count - 1) * stride + extent - (length + before);
    return { count, sides: [before, Math.max(after, needed)] };
  };
  const [rows, columns] = [along(0), along(1)];
  return {
    strides,
    dilations,
    size,
    counts: [rows.count, columns.count],
    given,
    sides: [rows.sides, columns.sides],
  };
}

function maximum(x: tf.Tensor4D, places: WindowPlaces): tf.Tensor {
  const image = padPlanar(x, places.sides, -Infinity);
  if (isDilated(places)) return elementsOfWindows(image, places).reduce((a, b) => tf.maximum(a, b));
  return tf.maxPool(image, places.size, places.strides, 'valid');
}

function average(x: tf.Tensor4D, places: WindowPlaces, includePadding: boolean): tf.Tensor {
  const image = padPlanar(x, places.sides, 0);
  const area = places.size[0] * places.size[1];
  const mean = isDilated(places)
    ? tf.div(tf.addN(elementsOfWindows(image, places)), area)
    : tf.avgPool(image, places.size, places.strides, 'valid');
  const shares = countShares(x, places, includePadding);
  return shares === null ? mean : tf.mul(mean, shares);
}

function isDilated({ dilations }: WindowPlaces): boolean {
  return Math.max(...dilations) > 1;
}

/** For each element of the window an image of what it reads at each place: the engine knows no dilated pools. */
function elementsOfWindows(image: tf.Tensor4D, places: WindowPlaces): tf.Tensor[] {
  const { size, counts, strides, dilations } = places;
  const line = (x: tf.Tensor, axis: 0 | 1, index: number): tf.Tensor => {
    const first = index * dilations[axis];
    const taken = Array.from({ length: counts[axis] }, (_, i) => first + i * strides[axis]);
    return takeAlong(x, axis + 1, taken);
  };
  return Array.from({ length: size[0] }, (_, i) => line(image, 0, i)).flatMap((rows) =>
    Array.from({ length: size[1] }, (_, j) => line(rows, 1, j)),
  );
}

/** Window area over how many of its elements count, for each place; null where all count everywhere. */
function countShares(
  x: tf.Tensor4D,
  places: WindowPlaces,
  includePadding: boolean,
): tf.Tensor | null {
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    shareAlong(axis, x.shape[axis + 1] ?? 1, places, includePadding),
  );
  if (rows === undefined || columns === undefined) throw new Error('there are two axes');
  if ([...rows, ...columns].every((share) => share === 1)) return null;
  const shares = rows.flatMap((row) => columns.map((column) => row * column));
  return tf.tensor(shares, [1, rows.length, columns.length, 1]);
}

function shareAlong(
  axis: 0 | 1,
  length: number,
  places: WindowPlaces,
  includePadding: boolean,
): readonly number[] {
  const { size, counts, strides, dilations, given } = places;
  const [before, after] = given[axis];
  const [from, to] = includePadding ? [-before, length + after] : [0, length];
  return Array.from({ length: counts[axis] }, (_, place) => {
    let counted = 0;
    for (let i = 0; i < size[axis]; i++) {
      const read = place * strides[axis] - before + i * dilations[axis];
      if (read >= from && read < to) counted++;
    }
    return size[axis] / Math.max(counted, 1);
  });
}

/** Maximum or mean over all spatial axes. */
export function runGlobalPool(operator: GlobalPoolOperator, x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const spatial = operator.dataFormat === 'channelsLast' ? axes.slice(1, -1) : axes.slice(2);
  return throughFloat(x, (values) =>
    operator.mode === 'max'
      ? tf.max(values, spatial, operator.keepDims)
      : tf.mean(values, spatial, operator.keepDims),
  );
}
