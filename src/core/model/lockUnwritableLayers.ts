import type { Layer, LockReason, Model, TensorEntry } from './model';
import { isPrunableDType } from './dtype';
import { storedDTypeOf, tensorNamed } from './model';

/**
 * The layers with what their file allows taken into account: weights in codes, in other types, or
 * inside a compressed member cannot be zeroed in place, whatever the graph says.
 */
export function lockUnwritableLayers(model: Model): Model {
  return { ...model, layers: model.layers.map((layer) => lockUnwritable(model, layer)) };
}

function lockUnwritable(model: Model, layer: Layer): Layer {
  const reason = layer.prunable ? lockReason(model, layer) : null;
  return reason === null ? layer : { ...layer, prunable: false, lockedBy: reason };
}

function lockReason(model: Model, layer: Layer): LockReason | null {
  if (layer.weight === undefined) return 'no-weight';
  return unwritableReason(model, tensorNamed(model, layer.weight));
}

/** Why single elements of a tensor cannot be set to zero in place; null where they can. */
export function unwritableReason(model: Model, tensor: TensorEntry): LockReason | null {
  const stored = storedDTypeOf(tensor);
  if (stored === 'uint8' || stored === 'uint16') return 'quantized';
  if (!isPrunableDType(stored)) return 'dtype';
  const parts = new Set((model.containers ?? []).flatMap((container) => container.parts));
  const compressed = tensor.spans.some(
    ({ fileIndex }) => model.files[fileIndex]?.derived === true && !parts.has(fileIndex),
  );
  return compressed ? 'compressed' : null;
}
