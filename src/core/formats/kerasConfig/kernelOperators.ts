import type { DataFormat } from '../../graph/graph';
import type { TensorEntry } from '../../model/model';
import type { ConfigFields } from './configFields';
import type { LayerStep } from './layerStep';
import type { LayerWeights } from './layerWeights';

/** Dense: kernel [inputs, units]. */
export function denseStep(config: ConfigFields, weights: LayerWeights): LayerStep {
  const units = config.count('units');
  const kernel = weights.require('kernel', [null, units], 'units');
  return {
    operator: { kind: 'dense', kernelLayout: 'in-out' },
    weights: [kernel, bias(config, weights, units, 'units')],
  };
}

/** Conv2D: kernel [height, width, channels / groups, filters]. */
export function conv2dStep(config: ConfigFields, weights: LayerWeights): LayerStep {
  const filters = config.count('filters');
  const groups = config.has('groups') ? config.count('groups') : 1;
  if (filters % groups !== 0) throw config.bad('groups', `a divisor of the ${filters} filters`);
  const because = 'kernel_size, filters';
  const kernel = weights.require('kernel', [...config.pair('kernel_size'), null, filters], because);
  return {
    operator: {
      kind: 'convolution',
      kernelLayout: 'spatial-in-out',
      ...convolutionWindow(config),
      groups,
    },
    weights: [kernel, bias(config, weights, filters, 'filters')],
  };
}

/** DepthwiseConv2D: kernel [height, width, channels, multiplier]; a bias for each of channels x multiplier. */
export function depthwiseConv2dStep(config: ConfigFields, weights: LayerWeights): LayerStep {
  const multiplier = config.has('depth_multiplier') ? config.count('depth_multiplier') : 1;
  const shape = [...config.pair('kernel_size'), null, multiplier];
  // Keras 3 calls it kernel, Keras 2 and TensorFlow.js depthwise_kernel.
  const variable = weights.has('kernel') ? 'kernel' : 'depthwise_kernel';
  const kernel = weights.require(variable, shape, 'kernel_size, depth_multiplier');
  const channels = kernel.shape[2] ?? 0;
  return {
    operator: { kind: 'depthwiseConvolution', ...convolutionWindow(config) },
    weights: [kernel, bias(config, weights, channels * multiplier, 'depth_multiplier')],
  };
}

function convolutionWindow(config: ConfigFields) {
  return {
    strides: config.pair('strides', [1, 1]),
    dilations: config.pair('dilation_rate', [1, 1]),
    padding: readPadding(config),
    dataFormat: readDataFormat(config),
  };
}

function bias(
  config: ConfigFields,
  weights: LayerWeights,
  units: number,
  because: string,
): TensorEntry | null {
  if (!config.boolean('use_bias', true)) return null;
  return weights.require('bias', [units], because);
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
