import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../../core/errors';
import type { DataFormat } from '../../../core/graph/graph';
import type { Padding, Sides, WindowAttributes } from '../../../core/graph/operators/linear';
import { paddedSides } from '../../../core/graph/shapes/padding';

export type Pair = [height: number, width: number];

/** Windows over height and width. */
export interface PlanarWindow {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

/**
 * Runs a window operator, which the engine only has over two axes with channels last, on one or two axes in
 * either layout.
 * @param run gets and gives [batch, height, width, channels]
 * @throws UnsupportedError over more axes
 */
export function onPlanarImage(
  x: tf.Tensor,
  attributes: WindowAttributes,
  run: (image: tf.Tensor4D, window: PlanarWindow) => tf.Tensor,
): tf.Tensor {
  assertPlanar(x);
  return inChannelsLast(x, attributes.dataFormat, (last) => {
    const [batch = 1, length = 1, channels = 1] = last.shape;
    const isLine = last.rank === 3;
    const image = (isLine ? tf.reshape(last, [batch, 1, length, channels]) : last) as tf.Tensor4D;
    const result = run(image, planarWindow(attributes, isLine));
    return isLine ? tf.squeeze(result, [1]) : result;
  });
}

/** Runs with channels last what stands in either layout, of any rank. */
export function inChannelsLast(
  x: tf.Tensor,
  dataFormat: DataFormat,
  run: (image: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (dataFormat === 'channelsLast') return run(x);
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  const result = run(tf.transpose(x, [0, ...spatial, 1]));
  const between = result.shape.map((_, axis) => axis).slice(1, -1);
  return tf.transpose(result, [0, result.rank - 1, ...between]);
}

function assertPlanar(x: tf.Tensor): void {
  if (x.rank === 3 || x.rank === 4) return;
  throw new UnsupportedError({
    feature: 'running windows over an image',
    found: `${x.rank - 2} spatial axes`,
    supported: 'one or two',
  });
}

function planarWindow(attributes: WindowAttributes, isLine: boolean): PlanarWindow {
  const { strides, dilations, padding } = attributes;
  const isGiven = padding !== 'same' && padding !== 'sameLower' && padding !== 'valid';
  return {
    strides: pairOf(strides, isLine, 1),
    dilations: pairOf(dilations, isLine, 1),
    padding: isGiven ? pairOf<Sides>(padding, isLine, [0, 0]) : padding,
  };
}

/** Both entries, the first one being `neutral` where there is one axis only. */
export function pairOf<T>(list: readonly T[], isLine: boolean, neutral: T): [T, T] {
  const [first = neutral, second = neutral] = isLine ? [neutral, ...list] : list;
  return [first, second];
}

/** What is padded along height and width. @param extents of the window */
export function planarSides(
  image: tf.Tensor4D,
  window: PlanarWindow,
  extents: Pair,
): [Sides, Sides] {
  const { strides, padding } = window;
  const along = (axis: 0 | 1): Sides =>
    paddedSides(image.shape[axis + 1] ?? 1, {
      stride: strides[axis],
      extent: extents[axis],
      padding,
      axis,
    });
  return [along(0), along(1)];
}

/** The same image where nothing is to be padded. Negative sides crop. */
export function padPlanar(
  image: tf.Tensor4D,
  [[top, bottom], [left, right]]: readonly [Sides, Sides],
  value: number,
): tf.Tensor4D {
  const sides: [number, number][] = [
    [0, 0],
    [Math.max(top, 0), Math.max(bottom, 0)],
    [Math.max(left, 0), Math.max(right, 0)],
    [0, 0],
  ];
  const padded = sides.flat().some((size) => size > 0) ? tf.pad(image, sides, value) : image;
  if (Math.min(top, bottom, left, right) >= 0) return padded;
  const [batch, height, width, channels] = padded.shape;
  const cropped = [Math.max(-top, 0), Math.max(-left, 0)] as const;
  const size = [
    height - cropped[0] - Math.max(-bottom, 0),
    width - cropped[1] - Math.max(-right, 0),
  ] as const;
  return tf.slice(padded, [0, ...cropped, 0], [batch, ...size, channels]);
}

/** From the first to the last element that a window reads. */
export function extentOf(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}
