import { inferLayers } from '../../graph/inferLayers';
import type { Layer, Notice, TensorEntry } from '../../model/model';

/** Layers of a state dict, and what is to be said of them. */
export interface TorchLayers {
  readonly layers: readonly Layer[];
  readonly notices: readonly Notice[];
}

/**
 * The layers of PyTorch tensors. What torch.nn.utils.prune left as `weight_orig` and `weight_mask` is
 * one layer, whose mask is no weight of its own.
 */
export function torchLayers(tensors: readonly TensorEntry[]): TorchLayers {
  const names = new Set(tensors.map(({ name }) => name));
  const originals = new Map<string, string>();
  for (const name of names) {
    const base = name.endsWith('_orig') ? name.slice(0, -'_orig'.length) : null;
    if (base !== null && names.has(`${base}_mask`) && !names.has(base)) originals.set(base, name);
  }
  const masks = [...originals.keys()].map((base) => `${base}_mask`);
  const masked = new Set(masks);
  const baseOf = new Map([...originals].map(([base, original]) => [original, base]));
  const plain = tensors
    .filter(({ name }) => !masked.has(name))
    .map((tensor) => ({ ...tensor, name: baseOf.get(tensor.name) ?? tensor.name }));
  const layers = inferLayers(plain, { asListed: true }).map((layer) =>
    withOriginalNames(layer, originals),
  );
  return { layers, notices: maskNotices(masks) };
}

function withOriginalNames(layer: Layer, originals: ReadonlyMap<string, string>): Layer {
  const original = (name: string): string => originals.get(name) ?? name;
  const { weight, bias } = layer;
  return {
    ...layer,
    parameters: layer.parameters.flatMap((name) =>
      originals.has(name) ? [original(name), `${name}_mask`] : [name],
    ),
    ...(weight === undefined ? {} : { weight: original(weight) }),
    ...(bias === undefined ? {} : { bias: original(bias) }),
  };
}

function maskNotices(masks: readonly string[]): readonly Notice[] {
  if (masks.length === 0) return [];
  const some = masks.slice(0, 4).join(', ') + (masks.length > 4 ? ', …' : '');
  const message =
    `torch.nn.utils.prune left masks here (${some}): the weights beside them (*_orig) are ranked and ` +
    'pruned as they are stored, and the masks still apply when the model is loaded';
  return [{ code: 'skipped-member', message }];
}
