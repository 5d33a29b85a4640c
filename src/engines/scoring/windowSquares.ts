import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';
import { crossSums, indicesMet, windowAxes } from './windowAxes';
import type { Windowed } from './windowedKernel';

/** The sums of squares of one sample's places over all samples, wherever they lie. */
export interface PlaceSquares {
  /** Of a sample, with its channels and spatial axes in the order of `dataFormat`. */
  readonly shape: Shape;
  /** As many, in elements of `sums`. */
  readonly strides: readonly number[];
  readonly sums: Float64Array;
}

/**
 * For each channel and place of the window, the sum of squares of all that this weight is multiplied with:
 * channel by channel, places of the window in C order. Cost: output positions times channels times places.
 * @param window sizes of the kernel's spatial axes
 */
export function windowSquares(
  operator: Windowed,
  squares: PlaceSquares,
  window: Shape,
): Float64Array {
  const { shape, strides, sums } = squares;
  const isLast = operator.dataFormat === 'channelsLast';
  const channelAxis = isLast ? shape.length - 1 : 0;
  const first = isLast ? 0 : 1;
  const channels = shape[channelAxis] ?? 1;
  const channelStride = strides[channelAxis] ?? 1;
  const axes = windowAxes(operator, shape.slice(first, first + window.length), window);
  const spatialStrides = strides.slice(first, first + window.length);
  const places = productOf(window);
  const found = new Float64Array(channels * places);
  for (let place = 0; place < places; place++) {
    const index = indexOf(place, window);
    const met = axes.map((axis, i) => indicesMet(axis, index[i] ?? 0));
    const at = crossSums(met, spatialStrides);
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (const offset of at) sum += sums[offset + channel * channelStride] ?? 0;
      found[channel * places + place] = sum;
    }
  }
  return found;
}

function indexOf(place: number, window: Shape): readonly number[] {
  return window.map((size, axis) => Math.floor(place / productOf(window.slice(axis + 1))) % size);
}
