import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
  WindowAttributes,
} from '../../core/graph/operators/linear';
import {
  at,
  atOr,
  build,
  elementCount,
  placesOf,
  range,
  type ReferenceArray,
  required,
} from './referenceArray';
import {
  type AxisAttributes,
  extentOf,
  imageParts,
  imagePlace,
  outputLength,
  sidesOf,
} from './referenceImage';

type Inputs = readonly (ReferenceArray | null)[];

/** What one axis of a window operator has. */
function axisAttributes(
  { strides, dilations, padding }: WindowAttributes,
  window: readonly number[],
  axis: number,
): AxisAttributes {
  return {
    size: window[axis] ?? 1,
    stride: strides[axis] ?? 1,
    dilation: dilations[axis] ?? 1,
    padding,
    axis,
  };
}

/** A kernel by what its indices mean, whatever its layout. */
interface Kernel {
  readonly window: readonly number[];
  readonly outputs: number;
  /** The weight of channel `input` of the group, for output `output`. */
  readonly weight: (tap: readonly number[], input: number, output: number) => number;
  /** Channels that one output reads. */
  readonly inputs: number;
  readonly firstInput: (output: number) => number;
}

/** y[o] = b[o] + sum over taps and the group's channels of x * w. Source: ONNX Conv. */
export function referenceConvolution(
  operator: ConvolutionOperator,
  inputs: Inputs,
): ReferenceArray {
  const kernel = required(inputs, 1);
  const isLast = operator.kernelLayout === 'spatial-in-out';
  const { shape } = kernel;
  const outputs = (isLast ? shape.at(-1) : shape[0]) ?? 0;
  const own = (isLast ? shape.at(-2) : shape[1]) ?? 0;
  return convolve(operator, inputs, {
    window: isLast ? shape.slice(0, -2) : shape.slice(2),
    outputs,
    inputs: own,
    weight: (tap, input, output) =>
      at(kernel, isLast ? [...tap, input, output] : [output, input, ...tap]),
    firstInput: (output) => Math.floor(output / (outputs / operator.groups)) * own,
  });
}

/** Output c * multiplier + m reads channel c alone. Source: Keras DepthwiseConv2D. */
export function referenceDepthwise(
  operator: DepthwiseConvolutionOperator,
  inputs: Inputs,
): ReferenceArray {
  const kernel = required(inputs, 1);
  const [channels = 0, multiplier = 0] = kernel.shape.slice(-2);
  return convolve(operator, inputs, {
    window: kernel.shape.slice(0, -2),
    outputs: channels * multiplier,
    inputs: 1,
    weight: (tap, _, output) =>
      at(kernel, [...tap, Math.floor(output / multiplier), output % multiplier]),
    firstInput: (output) => Math.floor(output / multiplier),
  });
}

function convolve(operator: WindowAttributes, inputs: Inputs, kernel: Kernel): ReferenceArray {
  const [x, bias] = [required(inputs, 0), inputs[2] ?? null];
  const { dataFormat: format } = operator;
  const image = imageParts(format, x.shape);
  const axes = kernel.window.map((_, axis) => axisAttributes(operator, kernel.window, axis));
  const before = axes.map((axis, i) => sidesOf(image.spatial[i] ?? 0, axis)[0]);
  const spatial = axes.map((axis, i) => outputLength(image.spatial[i] ?? 0, axis));
  const shape = imagePlace(format, { batch: image.batch, channel: kernel.outputs, spatial });
  return build(shape, 'float32', (place) => {
    const made = imageParts(format, place);
    let total = bias === null ? 0 : at(bias, [made.channel]);
    for (const tap of placesOf(kernel.window)) {
      const read = axes.map(
        (axis, i) =>
          (made.spatial[i] ?? 0) * axis.stride - (before[i] ?? 0) + (tap[i] ?? 0) * axis.dilation,
      );
      for (const input of range(kernel.inputs)) {
        const channel = kernel.firstInput(made.channel) + input;
        const value = atOr(x, imagePlace(format, { batch: made.batch, channel, spatial: read }), 0);
        total += value * kernel.weight(tap, input, made.channel);
      }
    }
    return total;
  });
}

/**
 * Every input element adds its multiple of the kernel at its place times the stride; the padding is cut
 * off. Sources: ONNX ConvTranspose; Keras' compute_conv_transpose_output_shape.
 */
export function referenceTransposedConvolution(
  operator: TransposedConvolutionOperator,
  inputs: Inputs,
): ReferenceArray {
  const [x, kernel, bias] = [required(inputs, 0), required(inputs, 1), inputs[2] ?? null];
  const { dataFormat: format, groups } = operator;
  const isLast = operator.kernelLayout === 'spatial-out-in';
  const window = isLast ? kernel.shape.slice(0, -2) : kernel.shape.slice(2);
  const own = (isLast ? kernel.shape.at(-2) : kernel.shape[1]) ?? 0;
  const image = imageParts(format, x.shape);
  const axes = window.map((_, axis) => axisAttributes(operator, window, axis));
  const frames = axes.map((axis, i) => frame(operator, image.spatial[i] ?? 0, axis));
  const spatial = frames.map(({ length }) => length);
  const shape = imagePlace(format, { batch: image.batch, channel: own * groups, spatial });
  const made = build(shape, 'float32', (place) =>
    bias === null ? 0 : at(bias, [imageParts(format, place).channel]),
  );
  for (const place of placesOf(x.shape)) {
    const read = imageParts(format, place);
    const group = Math.floor(read.channel / (image.channel / groups));
    for (const tap of placesOf(window)) {
      const target = axes.map(
        (axis, i) =>
          (read.spatial[i] ?? 0) * axis.stride +
          (tap[i] ?? 0) * axis.dilation -
          (frames[i]?.before ?? 0),
      );
      for (const output of range(own)) {
        const weight = at(
          kernel,
          isLast ? [...tap, output, read.channel] : [read.channel, output, ...tap],
        );
        const to = { batch: read.batch, channel: group * own + output, spatial: target };
        addAt(made, imagePlace(format, to), at(x, place) * weight);
      }
    }
  }
  return made;
}

/** How long an axis of the output is, and how much is cut off before it. */
function frame(
  { padding, outputPadding }: TransposedConvolutionOperator,
  input: number,
  axis: AxisAttributes,
): { readonly length: number; readonly before: number } {
  const extent = extentOf(axis);
  const whole = (input - 1) * axis.stride + extent;
  if (padding === 'same' || padding === 'sameLower') {
    const length =
      outputPadding === null
        ? input * axis.stride
        : whole - 2 * Math.floor(extent / 2) + (outputPadding[axis.axis] ?? 0);
    const total = Math.max(whole - length, 0);
    return { length, before: padding === 'same' ? Math.floor(total / 2) : Math.ceil(total / 2) };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : (padding[axis.axis] ?? [0, 0]);
  const added =
    outputPadding === null ? Math.max(axis.stride - extent, 0) : (outputPadding[axis.axis] ?? 0);
  return { length: whole - before - after + added, before };
}

/** Changes the array; places outside are cut off. */
function addAt({ shape, values }: ReferenceArray, place: readonly number[], value: number): void {
  if (place.some((index, axis) => index < 0 || index >= (shape[axis] ?? 0))) return;
  const flat = place.reduce((offset, index, axis) => offset * (shape[axis] ?? 1) + index, 0);
  if (flat < elementCount(shape)) values[flat] = (values[flat] ?? 0) + value;
}
