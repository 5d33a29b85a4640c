import type { ObservedValue } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
} from '../../core/graph/operators/linear';
import { transposedLength } from '../../core/graph/shapes/imageShapes';
import { halvedSides, paddedSides, windowCount } from '../../core/graph/shapes/padding';
import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';
import { copyPadded, type PaddedCopy } from '../../core/kernels/gatherKernel';
import type { GroupVectors, LayerInputs } from './layerInputs';
import { offsetsOf } from './placeOffsets';

type Windowed = ConvolutionOperator | DepthwiseConvolutionOperator | TransposedConvolutionOperator;

/** An image with its padding along one axis, and what windows read of it. */
interface PaddedAxis {
  /** For each place of the padded axis the index in the image; -1: none. */
  readonly sources: readonly number[];
  /** The place at which the window of each output begins. */
  readonly outputs: readonly number[];
  /** How far behind that each place of the window lies. */
  readonly window: readonly number[];
}

/**
 * The unfolded patches that a convolution's kernel meets: channel by channel, the places of the window in C order
 * (the order in which [out, in, ...window] is flattened). A position of the output is a sample. A transposed
 * convolution is the plain one of the image spread out by its strides, with the window turned round.
 */
export function windowInputs(
  { inputs }: GraphNode,
  operator: Windowed,
  { shape, kernel }: { readonly shape: Shape; readonly kernel: Shape },
): LayerInputs | null {
  const [value] = inputs;
  if (value === null || value === undefined) return null;
  const places = kernelPlaces(operator, kernel);
  const layout = imageLayout(operator, shape);
  const axes = layout.spatial.map((axis, i) => {
    const at = { axis: i, length: shape[axis] ?? 1, window: places.window };
    return operator.kind === 'transposedConvolution'
      ? spreadAxis(operator, at)
      : slidAxis(operator, at);
  });
  const taps = productOf(places.window);
  const { groups, channels, outputs } = places;
  return {
    value,
    key: JSON.stringify([value, axes, groups]),
    groups,
    inputs: channels * taps,
    outputs,
    kernelIndex: (group, input, output) =>
      places.indexOf({
        group,
        output,
        channel: Math.floor(input / taps),
        tap: input % taps,
        taps,
      }),
    vectors: (seen) => patches(seen, { axes, layout, groups, channels }),
  };
}

interface ImageLayout {
  readonly channelAxis: number;
  readonly spatial: readonly number[];
}

function imageLayout({ dataFormat }: Windowed, shape: Shape): ImageLayout {
  const channelAxis = dataFormat === 'channelsLast' ? shape.length - 1 : 1;
  const spatial = shape.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  return { channelAxis, spatial };
}

interface PatchLayout {
  readonly axes: readonly PaddedAxis[];
  readonly layout: ImageLayout;
  readonly groups: number;
  /** Of one group. */
  readonly channels: number;
}

/** The patches of one image after the other. */
function* patches(
  { values, strides, shape }: ObservedValue,
  { axes, layout, groups, channels }: PatchLayout,
): Generator<GroupVectors> {
  const all = groups * channels;
  const sizes = axes.map(({ sources }) => sources.length);
  const steps = sizes.map((_, axis) => productOf(sizes.slice(axis + 1)) * all);
  const copy: PaddedCopy = {
    sources: sourcesOf(
      axes,
      layout.spatial.map((axis) => strides[axis] ?? 1),
    ),
    channels: all,
    channelStride: strides[layout.channelAxis] ?? 1,
  };
  const padded = new Float64Array(productOf(sizes) * all);
  const rows = crossSums(
    axes.map(({ outputs }) => outputs),
    steps,
  );
  const taps = crossSums(
    axes.map(({ window }) => window),
    steps,
  );
  const columns = Array.from({ length: groups }, (_, group) =>
    Int32Array.from({ length: channels * taps.length }, (_unused, i) => {
      const channel = group * channels + Math.floor(i / taps.length);
      return channel + (taps[i % taps.length] ?? 0);
    }),
  );
  const [images = 1] = shape;
  for (let image = 0; image < images; image++) {
    copyPadded(values, image * (strides[0] ?? 1), copy, padded);
    for (const [group, own] of columns.entries()) {
      yield { group, table: { values: padded, rows, columns: own } };
    }
  }
}

function sourcesOf(axes: readonly PaddedAxis[], strides: readonly number[]): Int32Array {
  const sizes = axes.map(({ sources }) => sources.length);
  const steps = sizes.map((_, axis) => productOf(sizes.slice(axis + 1)));
  return Int32Array.from(offsetsOf(sizes, steps), (place) => {
    const found = axes.map(({ sources }, axis) => {
      const at = Math.floor(place / (steps[axis] ?? 1)) % (sizes[axis] ?? 1);
      return sources[at] ?? -1;
    });
    if (found.includes(-1)) return -1;
    return found.reduce((sum, index, axis) => sum + index * (strides[axis] ?? 1), 0);
  });
}

/** All sums of one entry of each list, each times the step of its axis. */
function crossSums(lists: readonly (readonly number[])[], steps: readonly number[]): Int32Array {
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

function cutBefore(
  padding: TransposedConvolutionOperator['padding'],
  axis: number,
  total: number,
): number {
  if (padding === 'valid') return 0;
  if (padding === 'same' || padding === 'sameLower') return halvedSides(total, padding)[0];
  return padding[axis]?.[0] ?? 0;
}

function range(count: number): readonly number[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => i);
}

interface KernelPlace {
  readonly group: number;
  /** Within its group. */
  readonly output: number;
  /** Within its group. */
  readonly channel: number;
  readonly tap: number;
  readonly taps: number;
}

interface KernelPlaces {
  readonly window: Shape;
  readonly groups: number;
  /** Of one group. */
  readonly channels: number;
  /** Of one group. */
  readonly outputs: number;
  /** In C order. */
  indexOf(place: KernelPlace): number;
}

function kernelPlaces(operator: Windowed, kernel: Shape): KernelPlaces {
  if (operator.kind === 'depthwiseConvolution') {
    const [groups = 1, outputs = 1] = kernel.slice(-2);
    return {
      window: kernel.slice(0, -2),
      groups,
      channels: 1,
      outputs,
      indexOf: ({ group, output, tap }) => (tap * groups + group) * outputs + output,
    };
  }
  const { kernelLayout, groups } = operator;
  const [a = 1, b = 1] = kernelLayout.startsWith('spatial') ? kernel.slice(-2) : kernel;
  const window = kernelLayout.startsWith('spatial') ? kernel.slice(0, -2) : kernel.slice(2);
  switch (kernelLayout) {
    case 'spatial-in-out':
      return {
        window,
        groups,
        channels: a,
        outputs: b / groups,
        indexOf: ({ group, output, channel, tap }) =>
          (tap * a + channel) * b + (group * b) / groups + output,
      };
    case 'out-in-spatial':
      return {
        window,
        groups,
        channels: b,
        outputs: a / groups,
        indexOf: ({ group, output, channel, tap, taps }) =>
          (((group * a) / groups + output) * b + channel) * taps + tap,
      };
    case 'spatial-out-in':
      return {
        window,
        groups: 1,
        channels: b,
        outputs: a,
        indexOf: ({ output, channel, tap }) => (tap * a + output) * b + channel,
      };
    case 'in-out-spatial':
      return {
        window,
        groups,
        channels: a / groups,
        outputs: b,
        indexOf: ({ group, output, channel, tap, taps }) =>
          (((group * a) / groups + channel) * b + output) * taps + tap,
      };
  }
}
