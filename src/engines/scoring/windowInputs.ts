import type { ObservedValue } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';
import { copyPadded, type PaddedCopy } from '../../core/kernels/gatherKernel';
import type { GroupVectors, LayerInputs } from './layerInputs';
import { offsetsOf } from './placeOffsets';
import { crossSums, type PaddedAxis, windowAxes } from './windowAxes';
import { kernelPlaces, type Windowed } from './windowedKernel';

/**
 * The unfolded patches that a convolution's kernel meets: channel by channel, the places of the window in C order
 * (the order in which [out, in, ...window] is flattened). A position of the output is a sample.
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
  const image = layout.spatial.map((axis) => shape[axis] ?? 1);
  const axes = windowAxes(operator, image, places.window);
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
