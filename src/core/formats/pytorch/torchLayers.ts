import { type InferenceHints, inferLayers } from '../../graph/inferLayers';
import { isNumeric } from '../../model/decodeValues';
import type { Layer, Notice, TensorEntry } from '../../model/model';

/** Layers of a state dict, and what is to be said of them. */
export interface TorchLayers {
  readonly layers: readonly Layer[];
  readonly notices: readonly Notice[];
}

/**
 * The layers of PyTorch tensors. What torch.nn.utils.prune left as `weight_orig` and `weight_mask` is
 * one layer, whose mask is no weight of its own: the layer's weight is their product.
 */
export function torchLayers(
  tensors: readonly TensorEntry[],
  hints: InferenceHints = { asListed: true },
): TorchLayers {
  const known = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const originals = new Map<string, string>();
  for (const [name, tensor] of known) {
    const base = name.endsWith('_orig') ? name.slice(0, -'_orig'.length) : null;
    if (base === null || known.has(base)) continue;
    if (isMaskOf(known.get(`${base}_mask`), tensor)) originals.set(base, name);
  }
  const masks = [...originals.keys()].map((base) => `${base}_mask`);
  const masked = new Set(masks);
  const baseOf = new Map([...originals].map(([base, original]) => [original, base]));
  const plain = tensors
    .filter(({ name }) => !masked.has(name))
    .map((tensor) => ({ ...tensor, name: baseOf.get(tensor.name) ?? tensor.name }));
  const layers = inferLayers(plain, hints).map((layer) => withOriginalNames(layer, originals));
  return { layers, notices: maskNotices(masks) };
}

function isMaskOf(mask: TensorEntry | undefined, { shape }: TensorEntry): boolean {
  return mask !== undefined && isNumeric(mask.dtype) && mask.shape.join() === shape.join();
}

function withOriginalNames(layer: Layer, originals: ReadonlyMap<string, string>): Layer {
  const original = (name: string): string => originals.get(name) ?? name;
  const { weight, bias } = layer;
  const masked = layer.parameters
    .filter((name) => originals.has(name))
    .map((name) => [original(name), `${name}_mask`] as const);
  return {
    ...layer,
    parameters: layer.parameters.flatMap((name) =>
      originals.has(name) ? [original(name), `${name}_mask`] : [name],
    ),
    ...(weight === undefined ? {} : { weight: original(weight) }),
    ...(bias === undefined ? {} : { bias: original(bias) }),
    ...(masked.length === 0 ? {} : { masks: Object.fromEntries(masked) }),
  };
}

function maskNotices(masks: readonly string[]): readonly Notice[] {
  if (masks.length === 0) return [];
  const some = masks.slice(0, 4).join(', ') + (masks.length > 4 ? ', …' : '');
  const message =
    `torch.nn.utils.prune left masks here (${some}): what they hide counts as zero and stays so; pruning ` +
    'goes on in the masks and keeps the weights beside them (*_orig)';
  return [{ code: 'skipped-member', message }];
}
