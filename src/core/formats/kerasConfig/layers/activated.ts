import { readActivation } from '../activations';
import type { LayerContext } from '../layerContext';

/** What a layer's `activation` makes of its result: nothing where it is linear. */
export function activated(layer: LayerContext, value: string, name = 'activation'): string {
  const activation = readActivation(layer.config, layer.source.generation, name);
  if (activation.kind === 'opaque') return layer.emit(activation, [value]);
  if (activation.function.name === 'linear') return value;
  return layer.emit(activation, [value]);
}
