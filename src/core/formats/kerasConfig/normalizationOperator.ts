import type { ConfigFields } from './configFields';
import type { LayerStep } from './layerStep';
import type { LayerWeights } from './layerWeights';

/** BatchNormalization at inference: with the stored statistics. */
export function batchNormalizationStep(config: ConfigFields, weights: LayerWeights): LayerStep {
  const optional = (variable: string, setting: string) =>
    config.boolean(setting, true) ? weights.require(variable, [null], setting) : null;
  return {
    operator: {
      kind: 'batchNormalization',
      axis: readAxis(config),
      epsilon: config.number('epsilon', 1e-3),
      momentum: config.number('momentum', 0.99),
    },
    weights: [
      optional('gamma', 'scale'),
      optional('beta', 'center'),
      weights.require('moving_mean', [null], 'the layer'),
      weights.require('moving_variance', [null], 'the layer'),
    ],
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
