import type { ActivationFunction } from '../../graph/operators/activation';
import type { MergeOperator } from '../../graph/operators/elementwise';
import type { KerasGeneration } from '../../graph/kerasActivations';
import { describeActivation, readActivation } from './activations';
import type { ConfigFields } from './configFields';
import { conv2dStep, denseStep, depthwiseConv2dStep } from './kernelOperators';
import { type LayerStep, plainStep } from './layerStep';
import type { LayerWeights } from './layerWeights';
import { globalPool2dOperator, pool2dOperator } from './poolingOperators';
import { batchNormalizationStep } from './normalizationOperator';
import { flattenOperator, reshapeOperator, zeroPadding2dOperator } from './shapeOperators';

/** What a layer is made of: its configuration, and where its variables are. */
export interface LayerSource {
  readonly className: string;
  readonly config: ConfigFields;
  readonly weights: LayerWeights;
  readonly generation: KerasGeneration;
}

const MERGES: Readonly<Record<string, MergeOperator['mode']>> = {
  Add: 'add',
  Subtract: 'subtract',
  Multiply: 'multiply',
  Average: 'average',
  Maximum: 'maximum',
  Minimum: 'minimum',
};

/**
 * The steps of a layer, one after the other: the first reads the layer's inputs.
 * A class outside the set, or a set one with an activation outside it, gives one opaque operator.
 * @throws FormatError naming layer and field where the configuration or a tensor's shape is wrong.
 */
export function layerSteps(source: LayerSource): readonly LayerStep[] {
  const { className, config, weights } = source;
  switch (className) {
    case 'Dense':
      return withActivation(source, [denseStep(config, weights)]);
    case 'Conv2D':
    case 'Convolution2D':
      return withActivation(source, [conv2dStep(config, weights)]);
    case 'DepthwiseConv2D':
      return withActivation(source, [depthwiseConv2dStep(config, weights)]);
    case 'MaxPooling2D':
    case 'MaxPool2D':
      return [plainStep(pool2dOperator(config, 'max'))];
    case 'AveragePooling2D':
    case 'AvgPool2D':
      return [plainStep(pool2dOperator(config, 'average'))];
    case 'GlobalMaxPooling2D':
    case 'GlobalMaxPool2D':
      return [plainStep(globalPool2dOperator(config, 'max'))];
    case 'GlobalAveragePooling2D':
    case 'GlobalAvgPool2D':
      return [plainStep(globalPool2dOperator(config, 'average'))];
    case 'BatchNormalization':
      return [batchNormalizationStep(config, weights)];
    case 'Flatten':
      return [plainStep(flattenOperator(config))];
    case 'Reshape':
      return [plainStep(reshapeOperator(config))];
    case 'ZeroPadding2D':
      return [plainStep(zeroPadding2dOperator(config))];
    case 'Concatenate':
      return [plainStep({ kind: 'concatenate', axis: config.integer('axis', -1) })];
    case 'Dropout':
    case 'SpatialDropout1D':
    case 'SpatialDropout2D':
    case 'SpatialDropout3D':
    case 'AlphaDropout':
    case 'GaussianDropout':
    case 'GaussianNoise':
    case 'ActivityRegularization':
    case 'Identity':
      return [plainStep({ kind: 'identity' })];
    case 'Activation':
      return withActivation(source, []);
    default:
      return mergeLayer(className) ?? activationLayer(source) ?? [opaque(source)];
  }
}

function mergeLayer(className: string): readonly LayerStep[] | null {
  const mode = Object.hasOwn(MERGES, className) ? MERGES[className] : undefined;
  return mode === undefined ? null : [plainStep({ kind: 'merge', mode, alignment: 'afterBatch' })];
}

/** Layers that are nothing but a function of their own. */
function activationLayer({ className, config }: LayerSource): readonly LayerStep[] | null {
  const activation = activationOfClass(className, config);
  return activation === null ? null : [plainStep({ kind: 'activation', function: activation })];
}

function activationOfClass(className: string, config: ConfigFields): ActivationFunction | null {
  switch (className) {
    case 'ReLU':
      return {
        name: 'relu',
        max: config.has('max_value') ? config.number('max_value', 0) : null,
        negativeSlope: config.number('negative_slope', 0),
        threshold: config.number('threshold', 0),
      };
    case 'ThresholdedReLU':
      return { name: 'relu', max: null, negativeSlope: 0, threshold: config.number('theta', 1) };
    case 'LeakyReLU': {
      const slope = config.has('negative_slope') ? 'negative_slope' : 'alpha';
      return { name: 'relu', max: null, negativeSlope: config.number(slope, 0.3), threshold: 0 };
    }
    case 'ELU':
      return { name: 'elu', alpha: config.number('alpha', 1) };
    case 'Softmax':
      return { name: 'softmax', axis: config.integer('axis', -1) };
    default:
      return null;
  }
}

function withActivation(source: LayerSource, steps: readonly LayerStep[]): readonly LayerStep[] {
  const activation = readActivation(source.config, source.generation);
  if (activation === null) {
    return [...steps, plainStep({ kind: 'opaque', name: describeActivation(source.config) })];
  }
  // Written out only where it does something, but a layer is never left without an operator.
  if (activation.name === 'linear' && steps.length > 0) return steps;
  return [...steps, plainStep({ kind: 'activation', function: activation })];
}

function opaque({ className, weights }: LayerSource): LayerStep {
  weights.takeAll();
  return plainStep({ kind: 'opaque', name: className });
}
