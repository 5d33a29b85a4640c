import * as tf from '@tensorflow/tfjs-core';
import type { DataFormat } from '../../../core/graph/graph';
import type { Padding } from '../../../core/graph/operators/linear';

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
  padding: Padding,
  value: number,
): { readonly image: tf.Tensor4D; readonly padding: 'same' | 'valid' } {
  if (padding === 'same' || padding === 'valid') return { image, padding };
  if (padding === 'sameLower') throw new Error('padding same at the start is not written out');
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = padding;
  if (top + bottom + left + right === 0) return { image, padding: 'valid' };
  const sides: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { image: tf.pad(image, sides, value), padding: 'valid' };
}

/** Height and width of a list with one entry an axis. */
export function pair([height = 1, width = 1]: readonly number[]): [number, number] {
  return [height, width];
}
