import type { DataFormat } from '../../../graph/graph';
import type { Padding, WindowAttributes } from '../../../graph/operators/linear';
import type { ConfigFields } from '../configFields';
import type { LayerContext, LayerFunction } from '../layerContext';
import { activated } from './activated';
import { optionalBias } from './dense';

/** Conv1D and Conv2D: kernel [...window, channels / groups, filters]. */
function convolution(rank: number): LayerFunction {
  return (layer) => {
    const { config, weights } = layer;
    const filters = config.count('filters');
    const groups = config.has('groups') ? config.count('groups') : 1;
    if (filters % groups !== 0) throw config.bad('groups', `a divisor of the ${filters} filters`);
    const size = config.sizes('kernel_size', rank);
    const kernel = weights.require('kernel', [...size, null, filters], 'kernel_size, filters');
    const operator = {
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      ...convolutionWindow(config, size),
      groups,
    } as const;
    const bias = optionalBias(layer, filters, 'filters');
    return activated(layer, layer.emit(operator, [layer.x, layer.parameter(kernel), bias]));
  };
}

/** DepthwiseConv1D and 2D: kernel [...window, channels, multiplier]; a bias for each of channels x multiplier. */
function depthwise(rank: number): LayerFunction {
  return (layer) => {
    const kernel = depthwiseKernel(layer, rank);
    const [channels = 0, multiplier = 0] = kernel.shape.slice(-2);
    const window = convolutionWindow(layer.config, kernel.shape.slice(0, -2));
    const bias = optionalBias(layer, channels * multiplier, 'depth_multiplier');
    const inputs = [layer.x, layer.parameter(kernel), bias];
    return activated(layer, layer.emit({ kind: 'depthwiseConvolution', ...window }, inputs));
  };
}

function depthwiseKernel({ config, weights }: LayerContext, rank: number) {
  const multiplier = config.has('depth_multiplier') ? config.count('depth_multiplier') : 1;
  const shape = [...config.sizes('kernel_size', rank), null, multiplier];
  // Keras 3 calls it kernel, Keras 2, TensorFlow.js and separable convolutions depthwise_kernel.
  const variable = weights.has('depthwise_kernel') ? 'depthwise_kernel' : 'kernel';
  return weights.require(variable, shape, 'kernel_size, depth_multiplier');
}

/** SeparableConv1D and 2D: depthwise without a bias, then a window of one. */
function separable(rank: number): LayerFunction {
  return (layer) => {
    const { config, weights } = layer;
    const filters = config.count('filters');
    const depthwiseTensor = depthwiseKernel(layer, rank);
    const ones = new Array<number>(rank).fill(1);
    const pointwise = weights.require('pointwise_kernel', [...ones, null, filters], 'filters');
    const window = convolutionWindow(config, depthwiseTensor.shape.slice(0, -2));
    const apart = layer.emit({ kind: 'depthwiseConvolution', ...window }, [
      layer.x,
      layer.parameter(depthwiseTensor),
      null,
    ]);
    const operator = {
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      strides: ones,
      dilations: ones,
      padding: 'valid',
      dataFormat: window.dataFormat,
      groups: 1,
    } as const;
    const bias = optionalBias(layer, filters, 'filters');
    return activated(layer, layer.emit(operator, [apart, layer.parameter(pointwise), bias]));
  };
}

/** Conv1DTranspose and Conv2DTranspose: kernel [...window, filters, channels]. */
function transposed(rank: number): LayerFunction {
  return (layer) => {
    const { config, weights } = layer;
    const filters = config.count('filters');
    const size = config.sizes('kernel_size', rank);
    const kernel = weights.require('kernel', [...size, filters, null], 'kernel_size, filters');
    const operator = {
      kind: 'transposedConvolution',
      kernelLayout: 'spatial-out-in',
      ...convolutionWindow(config, size),
      groups: 1,
      outputPadding: config.has('output_padding')
        ? config.sizes('output_padding', rank, { minimum: 0 })
        : null,
    } as const;
    const bias = optionalBias(layer, filters, 'filters');
    return activated(layer, layer.emit(operator, [layer.x, layer.parameter(kernel), bias]));
  };
}

function convolutionWindow(config: ConfigFields, size: readonly number[]): WindowAttributes {
  const rank = size.length;
  const dilations = config.sizes('dilation_rate', rank, { fallback: 1 });
  return {
    strides: config.sizes('strides', rank, { fallback: 1 }),
    dilations,
    padding: readConvolutionPadding(config, size, dilations),
    dataFormat: readDataFormat(config),
  };
}

/** `causal` looks at what came before only: everything is padded in front. */
function readConvolutionPadding(
  config: ConfigFields,
  size: readonly number[],
  dilations: readonly number[],
): Padding {
  if (size.length !== 1 || config.raw('padding') !== 'causal') return readPadding(config);
  return size.map((length, axis) => [(length - 1) * (dilations[axis] ?? 1), 0] as const);
}

/** `padding`, valid where the file does not say. */
export function readPadding(config: ConfigFields): 'valid' | 'same' {
  return config.word<'valid' | 'same'>('padding', ['valid', 'same'], 'valid');
}

/** `data_format`, channels last where the file does not say. */
export function readDataFormat(config: ConfigFields): DataFormat {
  const word = config.word('data_format', ['channels_last', 'channels_first'], 'channels_last');
  return word === 'channels_first' ? 'channelsFirst' : 'channelsLast';
}

export const convolutionLayers: Readonly<Record<string, LayerFunction>> = {
  Conv1D: convolution(1),
  Convolution1D: convolution(1),
  Conv2D: convolution(2),
  Convolution2D: convolution(2),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConvolution1D: separable(1),
  SeparableConv2D: separable(2),
  SeparableConvolution2D: separable(2),
  Conv1DTranspose: transposed(1),
  Convolution1DTranspose: transposed(1),
  Conv2DTranspose: transposed(2),
  Convolution2DTranspose: transposed(2),
};
