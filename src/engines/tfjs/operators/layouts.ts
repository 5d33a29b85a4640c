import * as tf from '@tensorflow/tfjs-core';
import type { DataFormat, Padding2d } from '../../../core/graph/graph';

/**
 * Runs an image operator, which the engine only has with channels last, on either layout.
 * `run` gets and gives [batch, height, width, channels].
 */
export function inChannelsLast(
  x: tf.Tensor,
  dataFormat: DataFormat,
  run: (image: tf.Tensor4D) => tf.Tensor,
): tf.Tensor {
  if (dataFormat === 'channelsLast') return run(x as tf.Tensor4D);
  const result = run(tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]));
  return result.rank === 4 ? tf.transpose(result, [0, 3, 1, 2]) : result;
}

/** Explicit padding is written out, because not every backend takes it; same and valid are passed on. */
export function padImage(
  image: tf.Tensor4D,
  padding: Padding2d,
  value: number,
): { readonly image: tf.Tensor4D; readonly padding: 'same' | 'valid' } {
  if (typeof padding === 'string') return { image, padding };
  const [[top, bottom], [left, right]] = padding;
  if (top + bottom + left + right === 0) return { image, padding: 'valid' };
  const sides: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { image: tf.pad(image, sides, value), padding: 'valid' };
}
