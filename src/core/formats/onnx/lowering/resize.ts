import type { DataFormat } from '../../../graph/graph';
import type { ResizeOperator } from '../../../graph/operators/shape';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

const COORDINATES: Readonly<Record<string, ResizeOperator['coordinates']>> = {
  half_pixel: 'halfPixel',
  asymmetric: 'asymmetric',
  align_corners: 'alignCorners',
  pytorch_half_pixel: 'pytorchHalfPixel',
  half_pixel_symmetric: 'halfPixelSymmetric',
};

const ROUNDINGS: Readonly<Record<string, ResizeOperator['rounding']>> = {
  round_prefer_floor: 'roundPreferFloor',
  round_prefer_ceil: 'roundPreferCeil',
  floor: 'floor',
  ceil: 'ceil',
};

const MODES: Readonly<Record<string, ResizeOperator['mode']>> = {
  nearest: 'nearest',
  linear: 'linear',
  bilinear: 'linear',
  cubic: 'cubic',
};

/** Sizes and scales of all axes. */
interface Target {
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
}

const resize: LowerNode = (node) => {
  for (const name of ['antialias', 'exclude_outside']) {
    if (node.int(name, 0) !== 0) throw node.unsupported(name, `a resize without ${name}`);
  }
  const coordinates = node.text('coordinate_transformation_mode', 'half_pixel');
  return emitResize(node, targetOf(node), {
    coordinates: named(node, COORDINATES, coordinates),
    rounding: named(node, ROUNDINGS, node.text('nearest_mode', 'round_prefer_floor')),
  });
};

/** Up to opset 10 there was one way: positions from the corner, rounded down. */
const upsample: LowerNode = (node) => {
  const scales = node.opset < 9 ? node.floats('scales') : node.numbers(1);
  const target = byScales(node, node.shape(node.input(0)), scales ?? []);
  return emitResize(node, target, { coordinates: 'asymmetric', rounding: 'floor' });
};

function targetOf(node: NodeContext): Target {
  const shape = node.shape(node.input(0));
  const axes = (node.ints('axes') ?? [...shape.keys()]).map((axis) =>
    node.axis(axis, shape.length),
  );
  const spread = (values: readonly number[], rest: readonly number[]): readonly number[] =>
    rest.map((size, axis) => values[axes.indexOf(axis)] ?? size);
  const scales = node.numbers(2) ?? [];
  if (scales.length > 0) {
    const ones = shape.map(() => 1);
    return byScales(node, shape, spread(scales, ones));
  }
  const sizes = node.numbers(3) ?? [];
  return bySizes(node, shape, { sizes, axes, spread });
}

function bySizes(
  node: NodeContext,
  shape: readonly number[],
  {
    sizes,
    axes,
    spread,
  }: {
    readonly sizes: readonly number[];
    readonly axes: readonly number[];
    readonly spread: (values: readonly number[], rest: readonly number[]) => readonly number[];
  },
): Target {
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  if (policy === 'stretch') return byQuotients(spread(sizes, shape), shape);
  const ratios = axes.map((axis, i) => (sizes[i] ?? 1) / (shape[axis] ?? 1));
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  const kept = axes.map((axis) => Math.floor(scale * (shape[axis] ?? 1) + 0.5));
  return {
    sizes: spread(kept, shape),
    scales: spread(
      axes.map(() => scale),
      shape.map(() => 1),
    ),
  };
}

/** ONNX Runtime divides the sizes in float32, and positions by that. */
function byQuotients(sizes: readonly number[], shape: readonly number[]): Target {
  const quotient = (size: number, axis: number): number => Math.fround(size / (shape[axis] ?? 1));
  return { sizes, scales: sizes.map(quotient) };
}

function byScales(node: NodeContext, shape: readonly number[], scales: readonly number[]): Target {
  if (scales.length !== shape.length) {
    throw node.unsupported(`${scales.length} scales`, `one for each of ${shape.length} axes`);
  }
  const sizes = shape.map((size, axis) => {
    const scale = scales[axis] ?? 1;
    // In float32 as runtimes do: 20 times 2.3f is 46.
    return scale === 1 || size < 0 ? size : Math.floor(Math.fround(size * scale));
  });
  return { sizes, scales };
}

function emitResize(
  node: NodeContext,
  { sizes, scales }: Target,
  how: Pick<ResizeOperator, 'coordinates' | 'rounding'>,
) {
  const x = node.input(0);
  const shape = node.shape(x);
  const isKept = (axis: number): boolean => scales[axis] === 1;
  const last = shape.length - 1;
  const dataFormat: DataFormat = isKept(1) || !isKept(last) ? 'channelsFirst' : 'channelsLast';
  const [channels, from, to] = dataFormat === 'channelsFirst' ? [1, 2, last + 1] : [last, 1, last];
  if (!isKept(0) || !isKept(channels)) {
    throw node.unsupported('another size of batch or channels', 'spatial axes');
  }
  const size = sizes.slice(from, to);
  if (size.length > 2 || size.length === 0 || shape.slice(from, to).some((one) => one < 0)) {
    throw node.unsupported(`${size.length} spatial axes, or open sizes`, 'one or two given ones');
  }
  if (!size.every((one) => Number.isSafeInteger(one) && one > 0)) {
    throw node.unsupported(`the size [${size.join(', ')}]`, 'one pixel or more');
  }
  return node.emit(
    {
      kind: 'resize',
      mode: named(node, MODES, node.text('mode', 'nearest')),
      size,
      scales: scales.slice(from, to),
      ...how,
      cubicCoefficient: node.float('cubic_coeff_a', -0.75),
      dataFormat,
    },
    x,
  );
}

function named<T>(node: NodeContext, table: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value !== undefined) return value;
  throw node.unsupported(name, Object.keys(table).join(', '));
}

/** Source: Operators.md of ONNX 1.23. */
export const RESIZE: LoweringTable = {
  Resize: (node) => (node.opset < 11 ? upsample(node) : resize(node)),
  Upsample: upsample,
};
