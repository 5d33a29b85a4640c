import type { BatchNormalizationOperator } from '../../graph/graph';
import type { ConfigFields } from './configFields';
import type { LayerWeights } from './layerWeights';

/** BatchNormalization at inference: with the stored statistics. */
export function batchNormalizationOperator(
  config: ConfigFields,
  weights: LayerWeights,
): BatchNormalizationOperator {
  const optional = (variable: string, setting: string) =>
    config.boolean(setting, true) ? weights.require(variable, [null], setting).name : null;
  return {
    kind: 'batchNormalization',
    axis: readAxis(config),
    epsilon: config.number('epsilon', 1e-3),
    gamma: optional('gamma', 'scale'),
    beta: optional('beta', 'center'),
    mean: weights.require('moving_mean', [null], 'the layer').name,
    variance: weights.require('moving_variance', [null], 'the layer').name,
  };
}

/** Keras 2 writes the axis as a list of one. */
function readAxis(config: ConfigFields): number {
  const value = config.raw('axis') ?? -1;
  const axis: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof axis !== 'number' || !Number.isInteger(axis))
    throw config.bad('axis', 'one whole number');
  return axis;
}
