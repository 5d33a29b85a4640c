import type { DataFormat } from '../../core/graph/graph';
import type { Padding, Sides } from '../../core/graph/operators/linear';
import type { Place } from './referenceArray';

/** Sizes, or indices, of an image by what they are of. */
export interface ImageParts {
  readonly batch: number;
  readonly channel: number;
  readonly spatial: readonly number[];
}

export function imageParts(format: DataFormat, place: Place): ImageParts {
  const [batch = 0, ...rest] = place;
  return format === 'channelsLast'
    ? { batch, channel: rest.at(-1) ?? 0, spatial: rest.slice(0, -1) }
    : { batch, channel: rest[0] ?? 0, spatial: rest.slice(1) };
}

export function imagePlace(format: DataFormat, { batch, channel, spatial }: ImageParts): number[] {
  return format === 'channelsLast' ? [batch, ...spatial, channel] : [batch, channel, ...spatial];
}

/** What a window looks like along one axis. */
export interface AxisAttributes {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
  readonly axis: number;
}

/** From the first to the last element that a dilated window reads. */
export function extentOf({ size, dilation }: Pick<AxisAttributes, 'size' | 'dilation'>): number {
  return dilation * (size - 1) + 1;
}

/**
 * Padding of an axis. SAME: the output has ceil(input / stride) elements, and what they need beyond the
 * input is halved, the odd one at the end (`same`) or the start. Source: tf.nn.convolution, notes on padding.
 */
export function sidesOf(input: number, attributes: AxisAttributes): Sides {
  const { padding, stride, axis } = attributes;
  switch (padding) {
    case 'valid':
      return [0, 0];
    case 'same':
    case 'sameLower': {
      const output = Math.ceil(input / stride);
      const needed = Math.max((output - 1) * stride + extentOf(attributes) - input, 0);
      const half = Math.floor(needed / 2);
      return padding === 'same' ? [half, needed - half] : [needed - half, half];
    }
    default:
      return padding[axis] ?? [0, 0];
  }
}

/** Places of a window: floor((input + padding - extent) / stride) + 1. Source: ONNX Conv. */
export function outputLength(input: number, attributes: AxisAttributes): number {
  const [before, after] = sidesOf(input, attributes);
  return Math.floor((input + before + after - extentOf(attributes)) / attributes.stride) + 1;
}
