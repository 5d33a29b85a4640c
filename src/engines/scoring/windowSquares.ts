import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
} from '../../core/graph/operators/linear';
import { transposedLength } from '../../core/graph/shapes/imageShapes';
import { halvedSides, paddedSides, windowCount } from '../../core/graph/shapes/padding';
import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';

type Windowed = ConvolutionOperator | DepthwiseConvolutionOperator | TransposedConvolutionOperator;

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
  const places = productOf(window);
  const found = new Float64Array(channels * places);
  for (let place = 0; place < places; place++) {
    const index = indexOf(place, window);
    const offsets = window.map((_, axis) => {
      const length = shape[first + axis] ?? 1;
      const stride = strides[first + axis] ?? 1;
      return positionsRead(operator, { axis, length, window, place: index[axis] ?? 0 }).map(
        (position) => position * stride,
      );
    });
    const at = crossSums(offsets);
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

/** All sums of one offset of each axis. */
function crossSums(offsets: readonly (readonly number[])[]): readonly number[] {
  return offsets.reduce<readonly number[]>(
    (sums, along) => sums.flatMap((sum) => along.map((offset) => sum + offset)),
    [0],
  );
}

interface PlaceOnAxis {
  readonly axis: number;
  /** Of the input. */
  readonly length: number;
  readonly window: Shape;
  /** Of the window, along the axis. */
  readonly place: number;
}

/** Positions of the input along an axis that a place of the window is multiplied with. */
function positionsRead(operator: Windowed, at: PlaceOnAxis): readonly number[] {
  return operator.kind === 'transposedConvolution'
    ? positionsSpread(operator, at)
    : positionsSlid(operator, at);
}

function positionsSlid(
  { strides, dilations, padding }: ConvolutionOperator | DepthwiseConvolutionOperator,
  { axis, length, window, place }: PlaceOnAxis,
): readonly number[] {
  const stride = strides[axis] ?? 1;
  const dilation = dilations[axis] ?? 1;
  const extent = ((window[axis] ?? 1) - 1) * dilation + 1;
  const along = { stride, extent, padding, axis };
  const [before] = paddedSides(length, along);
  const count = windowCount(length, along, false);
  const positions = Array.from({ length: count }, (_, i) => i * stride + place * dilation - before);
  return positions.filter((position) => position >= 0 && position < length);
}

/** An input reaches the output at `position * stride + place * dilation`, before the padding is cut off. */
function positionsSpread(
  operator: TransposedConvolutionOperator,
  { axis, length, window, place }: PlaceOnAxis,
): readonly number[] {
  const stride = operator.strides[axis] ?? 1;
  const dilation = operator.dilations[axis] ?? 1;
  const extent = ((window[axis] ?? 1) - 1) * dilation + 1;
  const wanted = transposedLength(length, axis, window, operator);
  const whole = (length - 1) * stride + extent;
  const cut = cutBefore(operator.padding, axis, Math.max(whole - wanted, 0));
  return Array.from({ length }, (_, position) => position).filter((position) => {
    const reached = position * stride + place * dilation - cut;
    return reached >= 0 && reached < wanted;
  });
}

function cutBefore(
  padding: TransposedConvolutionOperator['padding'],
  axis: number,
  total: number,
): number {
  if (padding === 'valid') return 0;
  if (padding === 'same' || padding === 'sameLower') return halvedSides(total, padding)[0];
  return padding[axis]?.[0] ?? 0;
}
