import type { Layer, Model } from '../model/model';
import { recurrentBias } from './recurrentCells';

/** The tensor with the biases of a layer's units, one for each, or one for each gate; undefined where it has none. */
export function unitBias(model: Model, layer: Layer): string | undefined {
  return layer.bias ?? recurrentBias(model, layer);
}
