import type { DataFormat } from '../graph';
import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
  WindowAttributes,
} from '../operators/linear';
import type { GlobalPoolOperator, PoolOperator } from '../operators/pooling';
import type {
  DepthToSpaceOperator,
  ResizeOperator,
  SpaceToDepthOperator,
} from '../operators/shape';
import { windowCount } from './padding';
import { type Misfit, requireSize, type Shape, showShape } from './valueFacts';

/** A value with a batch, channels, and spatial axes between or after them. */
interface Image {
  readonly batch: number;
  readonly channels: number;
  readonly size: Shape;
}

/** @param rank of the spatial axes that are needed; null: at least one */
function splitImage(shape: Shape, format: DataFormat, rank: number | null, misfit: Misfit): Image {
  if (rank === null ? shape.length < 3 : shape.length !== rank + 2) {
    const needed = rank === null ? 'one with three axes or more' : `one with ${rank + 2} axes`;
    throw misfit(`an input of shape ${showShape(shape)}`, needed);
  }
  const [batch = -1, second = -1] = shape;
  return format === 'channelsLast'
    ? { batch, size: shape.slice(1, -1), channels: shape.at(-1) ?? -1 }
    : { batch, channels: second, size: shape.slice(2) };
}

function joinImage(image: Image, format: DataFormat, misfit: Misfit): Shape {
  const { batch, channels, size } = image;
  if (size.includes(0)) throw misfit('an image smaller than the window', 'a larger one');
  return format === 'channelsLast' ? [batch, ...size, channels] : [batch, channels, ...size];
}

/** The spatial, input and output sizes of a kernel in its layout. */
function splitKernel(
  kernel: Shape,
  layout: ConvolutionOperator['kernelLayout'] | TransposedConvolutionOperator['kernelLayout'],
): { readonly window: Shape; readonly inputs: number; readonly outputs: number } {
  const at = (index: number): number => kernel.at(index) ?? -1;
  switch (layout) {
    case 'spatial-in-out':
      return { window: kernel.slice(0, -2), inputs: at(-2), outputs: at(-1) };
    case 'spatial-out-in':
      return { window: kernel.slice(0, -2), inputs: at(-1), outputs: at(-2) };
    case 'out-in-spatial':
      return { window: kernel.slice(2), inputs: at(1), outputs: at(0) };
    case 'in-out-spatial':
      return { window: kernel.slice(2), inputs: at(0), outputs: at(1) };
  }
}

export function convolutionShape(
  operator: ConvolutionOperator,
  input: Shape,
  kernel: Shape,
  misfit: Misfit,
): Shape {
  const { window, inputs, outputs } = splitKernel(kernel, operator.kernelLayout);
  const image = splitImage(input, operator.dataFormat, window.length, misfit);
  requireSize(image.channels, inputs * operator.groups, 'channels', misfit);
  const size = windowedSize(image.size, window, operator, false);
  return joinImage({ ...image, size, channels: outputs }, operator.dataFormat, misfit);
}

export function depthwiseShape(
  operator: DepthwiseConvolutionOperator,
  input: Shape,
  kernel: Shape,
  misfit: Misfit,
): Shape {
  const window = kernel.slice(0, -2);
  const [channels = -1, multiplier = -1] = kernel.slice(-2);
  const image = splitImage(input, operator.dataFormat, window.length, misfit);
  requireSize(image.channels, channels, 'channels', misfit);
  const size = windowedSize(image.size, window, operator, false);
  const joined = { ...image, size, channels: channels * multiplier };
  return joinImage(joined, operator.dataFormat, misfit);
}

/** Source: Keras conv_utils.compute_conv_transpose_output_shape; ONNX ConvTranspose. */
export function transposedConvolutionShape(
  operator: TransposedConvolutionOperator,
  input: Shape,
  kernel: Shape,
  misfit: Misfit,
): Shape {
  const { window, inputs, outputs } = splitKernel(kernel, operator.kernelLayout);
  const image = splitImage(input, operator.dataFormat, window.length, misfit);
  requireSize(image.channels, inputs, 'channels', misfit);
  const size = image.size.map((length, axis) => transposedLength(length, axis, window, operator));
  const channels = outputs * operator.groups;
  return joinImage({ ...image, size, channels }, operator.dataFormat, misfit);
}

/** How long an axis of the output of a transposed convolution is; -1 where the input's is open. */
export function transposedLength(
  length: number,
  axis: number,
  window: Shape,
  operator: TransposedConvolutionOperator,
): number {
  if (length < 0) return -1;
  const { strides, dilations, padding, outputPadding } = operator;
  const stride = strides[axis] ?? 1;
  const extent = ((window[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
  if (padding === 'same' || padding === 'sameLower') {
    if (outputPadding === null) return length * stride;
    return (length - 1) * stride + extent - 2 * Math.floor(extent / 2) + (outputPadding[axis] ?? 0);
  }
  const [before, after] = padding === 'valid' ? [0, 0] : (padding[axis] ?? [0, 0]);
  // Without a given padding of the output, Keras fills up to the stride.
  const added = outputPadding === null ? Math.max(stride - extent, 0) : (outputPadding[axis] ?? 0);
  return (length - 1) * stride + extent - before - after + added;
}

export function poolShape(operator: PoolOperator, input: Shape, misfit: Misfit): Shape {
  const image = splitImage(input, operator.dataFormat, operator.size.length, misfit);
  const size = windowedSize(image.size, operator.size, operator, operator.ceil);
  return joinImage({ ...image, size }, operator.dataFormat, misfit);
}

export function globalPoolShape(operator: GlobalPoolOperator, input: Shape, misfit: Misfit): Shape {
  const image = splitImage(input, operator.dataFormat, null, misfit);
  if (!operator.keepDims) return [image.batch, image.channels];
  return joinImage({ ...image, size: image.size.map(() => 1) }, operator.dataFormat, misfit);
}

export function resizeShape(operator: ResizeOperator, input: Shape, misfit: Misfit): Shape {
  const image = splitImage(input, operator.dataFormat, operator.size.length, misfit);
  return joinImage({ ...image, size: operator.size }, operator.dataFormat, misfit);
}

export function depthToSpaceShape(
  { blockSize, dataFormat }: DepthToSpaceOperator,
  input: Shape,
  misfit: Misfit,
): Shape {
  const image = splitImage(input, dataFormat, 2, misfit);
  const channels = exact(image.channels, blockSize * blockSize, 'channels', misfit);
  const size = image.size.map((length) => (length < 0 ? -1 : length * blockSize));
  return joinImage({ ...image, size, channels }, dataFormat, misfit);
}

export function spaceToDepthShape(
  { blockSize, dataFormat }: SpaceToDepthOperator,
  input: Shape,
  misfit: Misfit,
): Shape {
  const image = splitImage(input, dataFormat, 2, misfit);
  const size = image.size.map((length) => exact(length, blockSize, 'rows or columns', misfit));
  const channels = image.channels < 0 ? -1 : image.channels * blockSize * blockSize;
  return joinImage({ ...image, size, channels }, dataFormat, misfit);
}

function exact(length: number, divisor: number, what: string, misfit: Misfit): number {
  if (length < 0) return -1;
  if (length % divisor === 0) return length / divisor;
  throw misfit(`${length} ${what}`, `a multiple of ${divisor}`);
}

function windowedSize(
  size: Shape,
  window: Shape,
  attributes: WindowAttributes,
  ceil: boolean,
): Shape {
  return size.map((length, axis) => {
    if (length < 0) return -1;
    const stride = attributes.strides[axis] ?? 1;
    const extent = ((window[axis] ?? 1) - 1) * (attributes.dilations[axis] ?? 1) + 1;
    return windowCount(length, { stride, extent, padding: attributes.padding, axis }, ceil);
  });
}
