import type {
  Conv2dOperator,
  DataFormat,
  DepthwiseConv2dOperator,
  Operator,
  Padding2d,
} from './graph';

type Shape = readonly number[];

/** What a rule needs of its node. */
export interface ShapeContext {
  readonly parameter: (name: string) => Shape;
  /** The error to throw, with the node named. */
  readonly misfit: (found: string, allowed: string) => Error;
}

/**
 * The shape that an operator gives; null for an opaque one. Open dimensions (-1) fit everything.
 * @throws what {@link ShapeContext.misfit} makes where the inputs do not fit.
 */
export function outputShape(
  operator: Operator,
  inputs: readonly Shape[],
  context: ShapeContext,
): Shape | null {
  const input = inputs[0] ?? [];
  switch (operator.kind) {
    case 'dense': {
      const [first = -1, second = -1] = context.parameter(operator.kernel);
      const inOut = operator.kernelLayout === 'in-out';
      requireSize(input.at(-1), inOut ? first : second, `inputs of ${operator.kernel}`, context);
      return [...input.slice(0, -1), inOut ? second : first];
    }
    case 'conv2d':
      return convolutionShape(operator, input, context);
    case 'depthwiseConv2d':
      return depthwiseShape(operator, input, context);
    case 'pool2d': {
      const image = splitImage(input, operator.dataFormat, context);
      const size = windowedSize(image.size, operator.size, operator);
      return joinImage({ ...image, size }, operator.dataFormat, context);
    }
    case 'globalPool2d': {
      const image = splitImage(input, operator.dataFormat, context);
      if (!operator.keepDims) return [image.batch, image.channels];
      return joinImage({ ...image, size: [1, 1] }, operator.dataFormat, context);
    }
    case 'batchNormalization': {
      const size = input.at(operator.axis);
      requireSize(size, context.parameter(operator.mean)[0] ?? -1, operator.mean, context);
      return input;
    }
    case 'activation':
      if (operator.function.name !== 'glu') return input;
      return halved(input, operator.function.axis, context);
    case 'identity':
      return input;
    case 'flatten':
      return [input[0] ?? -1, productOf(input.slice(1))];
    case 'reshape':
      return [input[0] ?? -1, ...reshapedSample(input, operator.sampleShape, context)];
    case 'zeroPadding2d': {
      const image = splitImage(input, operator.dataFormat, context);
      const [rows, columns] = operator.padding;
      const size = [padded(image.size[0], rows), padded(image.size[1], columns)] as const;
      return joinImage({ ...image, size }, operator.dataFormat, context);
    }
    case 'merge':
      return inputs.reduce((a, b) => broadcast(a, b, context));
    case 'concatenate':
      return concatenated(inputs, operator.axis, context);
    case 'opaque':
      return null;
  }
}

interface Image {
  readonly batch: number;
  readonly channels: number;
  readonly size: readonly [number, number];
}

function splitImage(shape: Shape, dataFormat: DataFormat, { misfit }: ShapeContext): Image {
  const [batch = -1, a = -1, b = -1, c = -1] = shape;
  if (shape.length !== 4) throw misfit(`an input of shape ${show(shape)}`, 'one with four axes');
  return dataFormat === 'channelsLast'
    ? { batch, size: [a, b], channels: c }
    : { batch, channels: a, size: [b, c] };
}

function joinImage(image: Image, dataFormat: DataFormat, { misfit }: ShapeContext): Shape {
  const [height, width] = image.size;
  if (height === 0 || width === 0) throw misfit('an image smaller than the window', 'a larger one');
  return dataFormat === 'channelsLast'
    ? [image.batch, height, width, image.channels]
    : [image.batch, image.channels, height, width];
}

function convolutionShape(operator: Conv2dOperator, input: Shape, context: ShapeContext): Shape {
  const kernel = context.parameter(operator.kernel);
  const [a = -1, b = -1, c = -1, d = -1] = kernel;
  const hwio = operator.kernelLayout === 'HWIO';
  const [window, channels, filters] = hwio ? ([[a, b], c, d] as const) : ([[c, d], b, a] as const);
  const image = splitImage(input, operator.dataFormat, context);
  requireSize(
    image.channels,
    channels * operator.groups,
    `channels of ${operator.kernel}`,
    context,
  );
  const size = windowedSize(image.size, window, operator);
  return joinImage({ ...image, size, channels: filters }, operator.dataFormat, context);
}

function depthwiseShape(
  operator: DepthwiseConv2dOperator,
  input: Shape,
  context: ShapeContext,
): Shape {
  const [height = -1, width = -1, channels = -1, multiplier = -1] = context.parameter(
    operator.kernel,
  );
  const image = splitImage(input, operator.dataFormat, context);
  requireSize(image.channels, channels, `channels of ${operator.kernel}`, context);
  const size = windowedSize(image.size, [height, width], operator);
  const joined = { ...image, size, channels: channels * multiplier };
  return joinImage(joined, operator.dataFormat, context);
}

interface Window {
  readonly strides: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly padding: Padding2d;
}

/** Source: TensorFlow's padding schemes, tf.nn.convolution. */
function windowedSize(
  size: readonly [number, number],
  window: readonly [number, number],
  { strides, dilations = [1, 1], padding }: Window,
): readonly [number, number] {
  const along = (axis: 0 | 1): number => {
    if (size[axis] < 0) return -1;
    if (padding === 'same') return Math.ceil(size[axis] / strides[axis]);
    const extent = (window[axis] - 1) * dilations[axis] + 1;
    const room = padding === 'valid' ? size[axis] : padded(size[axis], padding[axis]);
    return Math.max(0, Math.floor((room - extent) / strides[axis]) + 1);
  };
  return [along(0), along(1)];
}

function padded(size: number, [before, after]: readonly [number, number]): number {
  return size < 0 ? -1 : size + before + after;
}

function halved(shape: Shape, axis: number, { misfit }: ShapeContext): Shape {
  const size = shape.at(axis) ?? -1;
  if (size > 0 && size % 2 !== 0) throw misfit(`an axis of ${size}`, 'an even one, to be halved');
  return shape.with(axis, size < 0 ? -1 : size / 2);
}

function reshapedSample(input: Shape, target: Shape, { misfit }: ShapeContext): Shape {
  const elements = productOf(input.slice(1));
  const known = productOf(target.filter((size) => size !== -1));
  if (elements < 0) return target;
  const open = target.includes(-1);
  if (open ? elements % known !== 0 : elements !== known) {
    throw misfit(`${elements} values a sample`, `a number that fills ${show(target)}`);
  }
  return target.map((size) => (size === -1 ? elements / known : size));
}

/** As Keras: the shape with fewer axes gets new ones after the batch. */
function broadcast(a: Shape, b: Shape, { misfit }: ShapeContext): Shape {
  const rank = Math.max(a.length, b.length);
  const [first, second] = [withRank(a, rank), withRank(b, rank)];
  return first.map((size, axis) => {
    const other = second[axis] ?? 1;
    if (size === other || other === 1) return size;
    if (size === 1 || size === -1) return other;
    if (other === -1) return size;
    throw misfit(`inputs of shape ${show(a)} and ${show(b)}`, 'shapes that agree, or 1');
  });
}

function withRank(shape: Shape, rank: number): Shape {
  const [batch = -1, ...rest] = shape;
  return [batch, ...Array.from({ length: rank - shape.length }, () => 1), ...rest];
}

function concatenated(inputs: readonly Shape[], axis: number, { misfit }: ShapeContext): Shape {
  const [first = []] = inputs;
  const at = axis < 0 ? first.length + axis : axis;
  for (const shape of inputs) {
    const fits = shape.every((size, i) => i === at || agree(size, first[i] ?? -1));
    if (shape.length !== first.length || !fits || at >= first.length || at < 0) {
      throw misfit(
        `inputs of shape ${show(first)} and ${show(shape)}`,
        `shapes that agree but for axis ${axis}`,
      );
    }
  }
  const sizes = inputs.map((shape) => shape[at] ?? -1);
  const sum = sizes.includes(-1) ? -1 : sizes.reduce((total, size) => total + size, 0);
  return first.with(at, sum);
}

function requireSize(
  found: number | undefined,
  needed: number,
  what: string,
  { misfit }: ShapeContext,
): void {
  if (found !== undefined && agree(found, needed)) return;
  throw misfit(`an input with ${found ?? 'no'} values there`, `the ${needed} ${what}`);
}

function agree(a: number, b: number): boolean {
  return a === b || a < 0 || b < 0;
}

function productOf(shape: Shape): number {
  return shape.some((size) => size < 0) ? -1 : shape.reduce((product, size) => product * size, 1);
}

function show(shape: Shape): string {
  return `[${shape.map((size) => (size < 0 ? 'any' : String(size))).join(', ')}]`;
}
