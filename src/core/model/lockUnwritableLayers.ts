import { lockSharedLayers } from './lockSharedLayers';
import type { Container, Layer, LockReason, Model, TensorEntry } from './model';
import { tensorNamed } from './model';
import { lockReasonOfStorage } from './zeroForm';

/**
 * The layers with what their file allows taken into account: weights in codes without a zero, in other
 * types, or decoded from bytes that nobody packs again cannot be zeroed, whatever the graph says.
 */
export function lockUnwritableLayers(model: Model): Model {
  const layers = model.layers.map((layer) => lockUnwritable(model, layer));
  return lockSharedLayers({ ...model, layers });
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
  const reason = lockReasonOfStorage(tensor);
  if (reason !== null) return reason;
  // Pruning what is left as it is would count only a part of the model: it is unpacked first.
  if (model.packed === true) return 'compressed';
  const parts = packedParts(model);
  const compressed = tensor.spans.some(
    ({ fileIndex }) => model.files[fileIndex]?.derived === true && !parts.has(fileIndex),
  );
  return compressed ? 'compressed' : null;
}

/** Asked for each layer, and there may be as many parts as layers. */
const partsOfFiles = new WeakMap<readonly Container[], ReadonlySet<number>>();

/** The files of the model that are packed again when they change. */
function packedParts({ containers = [] }: Model): ReadonlySet<number> {
  const parts = partsOfFiles.get(containers) ?? new Set(containers.flatMap((one) => one.parts));
  partsOfFiles.set(containers, parts);
  return parts;
}
