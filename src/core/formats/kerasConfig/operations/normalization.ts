import type { LayerContext, LayerFunction } from '../layerContext';
import { axesSetting, booleanSetting, operand, setting } from './operands';

/** Keras' backend.epsilon(), which stands where none is given. */
const EPSILON = 1e-7;

/**
 * Normalised along axes by their own values, then times gamma plus beta where those are given.
 * Source: layer_normalization and rms_normalization of Keras 3.15, ops/nn.py.
 */
function normalized(rms: boolean, names: readonly string[]): LayerFunction {
  return (layer) => {
    const x = layer.cast(operand(layer, 0, 'x'), 'float32');
    const axes = axesSetting(layer, 'axis') ?? [-1];
    const epsilon = setting(layer, 'epsilon') ?? EPSILON;
    if (typeof epsilon !== 'number') throw layer.unsupported('no number as epsilon', 'a number');
    if (!rms && booleanSetting(layer, 'rms_scaling', false)) {
      throw layer.unsupported('rms_scaling', 'rms_normalization');
    }
    const plain = layer.emit({ kind: 'layerNormalization', axes, epsilon, rms }, [x, null, null]);
    return names.reduce((value, name, i) => adjusted(layer, value, name, i + 1), plain);
  };
}

/** Times a scale, or plus a shift, as NumPy broadcasts them; as it is where none is given. */
function adjusted(layer: LayerContext, value: string, name: string, position: number): string {
  if (layer.argument(position, name) === undefined) return value;
  const by = layer.cast(operand(layer, position, name), 'float32');
  return layer.merge(name === 'beta' ? 'add' : 'multiply', value, by);
}

export const normalizationOperations: Readonly<Record<string, LayerFunction>> = {
  LayerNorm: normalized(false, ['gamma', 'beta']),
  RMSNorm: normalized(true, ['scale']),
};
