import type { ActivationFunction } from '../../../graph/operators/activation';
import { readActivation } from '../activations';
import type { ConfigFields } from '../configFields';
import type { LayerContext, LayerFunction } from '../layerContext';

/** The function of a layer that is nothing else; null for another class. */
export function activationOfClass(
  className: string,
  config: ConfigFields,
): ActivationFunction | null {
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
    default:
      return null;
  }
}

/** ReLU, LeakyReLU, ThresholdedReLU, ELU. */
const plainFunction: LayerFunction = (layer) => {
  const { className, config } = layer.source;
  const known = activationOfClass(className, config);
  if (known === null) throw layer.unsupported('a function of its own', 'functions of Keras');
  return layer.activate(known, layer.x);
};

/** Activation: a node also where the function is linear. */
const activation: LayerFunction = (layer) =>
  layer.emit(readActivation(layer.config, layer.source.generation), [layer.x]);

/** Softmax over one axis or several, and over what the mask leaves. Source: softmax.py of Keras 3.15. */
const softmax: LayerFunction = (layer) => {
  const axes = layer.config.axes('axis', -1);
  const mask = layer.tensor(1, 'mask');
  const { x } = mask === null ? layer : { x: layer.inputs[0] ?? layer.x };
  const scores =
    mask === null ? x : layer.select(layer.cast(mask, 'bool'), x, layer.scalar(HIDDEN));
  const result = softmaxOver(layer, scores, axes);
  if (mask === null) return result;
  return layer.select(layer.cast(mask, 'bool'), result, layer.scalar(0));
};

/** What stands for minus infinity in scores that are masked away: its exponential is 0 in float32. */
export const HIDDEN = -2.3819763e38;

function softmaxOver(layer: LayerContext, scores: string, axes: readonly number[]): string {
  const [axis = -1] = axes;
  if (axes.length <= 1) return layer.activate({ name: 'softmax', axis }, scores);
  const shifted = layer.merge('subtract', scores, layer.reduce('max', scores, axes, true));
  const exponentials = layer.activate({ name: 'exponential' }, shifted);
  const sum = layer.reduce('sum', exponentials, axes, true);
  return layer.merge('divide', exponentials, sum);
}

/** PReLU: a slope for each place of a sample, but one along the shared axes. */
const prelu: LayerFunction = (layer) => {
  const alpha = layer.weights.requireAny('alpha');
  return layer.emit({ kind: 'prelu' }, [layer.x, layer.parameter(alpha)]);
};

export const activationLayers: Readonly<Record<string, LayerFunction>> = {
  Activation: activation,
  ReLU: plainFunction,
  ThresholdedReLU: plainFunction,
  LeakyReLU: plainFunction,
  ELU: plainFunction,
  Softmax: softmax,
  PReLU: prelu,
};
