import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
} from '../../core/graph/operators/linear';
import { transposedLength } from '../../core/graph/shapes/imageShapes';
import { cutBefore, paddedSides, windowCount } from '../../core/graph/shapes/padding';
import type { Shape } from '../../core/graph/shapes/valueFacts';
import type { Windowed } from './windowedKernel';

/** An image with its padding along one axis, and what windows read of it. */
export interface PaddedAxis {
  /** For each place of the padded axis the index in the image; -1: none. */
  readonly sources: readonly number[];
  /** The place at which the window of each output begins. */
  readonly outputs: readonly number[];
  /** How far behind that each place of the window lies. */
  readonly window: readonly number[];
}

/**
 * Each spatial axis of a convolution. A transposed one is the plain one of the image spread out by its strides, with
 * the window turned round.
 * @param image sizes of the image's spatial axes
 * @param window sizes of the kernel's
 */
export function windowAxes(operator: Windowed, image: Shape, window: Shape): readonly PaddedAxis[] {
  return image.map((length, axis) => {
    const at = { axis, length, window };
    return operator.kind === 'transposedConvolution'
      ? spreadAxis(operator, at)
      : slidAxis(operator, at);
  });
}

/** The indices in the image that one place of the window meets, in the order of the outputs. */
export function indicesMet({ sources, outputs, window }: PaddedAxis, place: number): number[] {
  const shift = window[place] ?? 0;
  return outputs.map((output) => sources[output + shift] ?? -1).filter((index) => index >= 0);
}

/** All sums of one entry of each list, each times the step of its axis. */
export function crossSums(
  lists: readonly (readonly number[])[],
  steps: readonly number[],
): Int32Array {
  return lists.reduce(
    (sums, list, axis) =>
      Int32Array.from(
        [...sums].flatMap((sum) => list.map((entry) => sum + entry * (steps[axis] ?? 1))),
      ),
    Int32Array.of(0),
  );
}

interface AxisPlace {
  readonly axis: number;
  /** Of the image. */
  readonly length: number;
  readonly window: Shape;
}

function slidAxis(
  { strides, dilations, padding }: ConvolutionOperator | DepthwiseConvolutionOperator,
  { axis, length, window }: AxisPlace,
): PaddedAxis {
  const [stride = 1, dilation = 1, size = 1] = [strides[axis], dilations[axis], window[axis]];
  const extent = (size - 1) * dilation + 1;
  const along = { stride, extent, padding, axis };
  const [before] = paddedSides(length, along);
  const count = windowCount(length, along, false);
  const paddedLength = Math.max(0, (count - 1) * stride + extent);
  return {
    sources: range(paddedLength).map((place) => {
      const index = place - before;
      return index >= 0 && index < length ? index : -1;
    }),
    outputs: range(count).map((i) => i * stride),
    window: range(size).map((i) => i * dilation),
  };
}

/** Output o gets place k of the window times input i where i * stride + k * dilation - cut = o. */
function spreadAxis(
  operator: TransposedConvolutionOperator,
  { axis, length, window }: AxisPlace,
): PaddedAxis {
  const [stride = 1, dilation = 1] = [operator.strides[axis], operator.dilations[axis]];
  const size = window[axis] ?? 1;
  const reach = (size - 1) * dilation;
  const wanted = transposedLength(length, axis, window, operator);
  const whole = (length - 1) * stride + reach + 1;
  const cut = cutBefore(operator.padding, axis, Math.max(whole - wanted, 0));
  return {
    sources: range(wanted + cut + reach).map((place) => {
      const spread = place - reach;
      const index = spread / stride;
      return spread >= 0 && Number.isInteger(index) && index < length ? index : -1;
    }),
    outputs: range(wanted).map((output) => output + cut),
    window: range(size).map((i) => reach - i * dilation),
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => i);
}
