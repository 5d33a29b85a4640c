import { inferLayers } from '../../graph/inferLayers';
import { isPrunableDType } from '../../model/dtype';
import type { Layer, TensorEntry } from '../../model/model';

/** How Paddle names the parts of a parameter that is too large for one pickled object. */
const SLICE = /^(.+)@@\.(\d+)$/;
/** How Paddle ends the names of nested checkpoints: a tensor is saved as the tuple (name, array). */
const TUPLE_PART = /^(.+)\.1$/;

/**
 * The layers of Paddle's tensors: dense kernels are [in, out], convolutions [out, in, …]. The slices of a
 * large parameter are pruned each by itself, weight by weight; a sliced parameter is always a large matrix.
 */
export function paddleLayers(tensors: readonly TensorEntry[]): readonly Layer[] {
  const inTuples = tensors.some(({ name }) => /\.weight\.1$/.test(name));
  const whole = tensors.filter(({ name }) => !SLICE.test(name));
  const renamed = new Map(whole.map((tensor) => [plainName(tensor.name, inTuples), tensor.name]));
  const layers = inferLayers(
    whole.map((tensor) => ({ ...tensor, name: plainName(tensor.name, inTuples) })),
    { denseLayout: 'in-out', asListed: true },
  ).map((layer) => withNames(layer, renamed));
  return [...layers, ...tensors.flatMap(sliceLayer)];
}

function plainName(name: string, inTuples: boolean): string {
  return inTuples ? (TUPLE_PART.exec(name)?.[1] ?? name) : name;
}

function withNames(layer: Layer, names: ReadonlyMap<string, string>): Layer {
  const original = (name: string): string => names.get(name) ?? name;
  const { weight, bias } = layer;
  return {
    ...layer,
    parameters: layer.parameters.map(original),
    ...(weight === undefined ? {} : { weight: original(weight) }),
    ...(bias === undefined ? {} : { bias: original(bias) }),
  };
}

function sliceLayer(tensor: TensorEntry): readonly Layer[] {
  if (!SLICE.test(tensor.name) || tensor.role !== 'parameter') return [];
  const prunable = isPrunableDType(tensor.dtype);
  return [
    {
      name: tensor.name,
      guessed: true,
      operator: 'dense',
      operatorLabel: 'Slice',
      parameters: [tensor.name],
      weight: tensor.name,
      unitAxis: null,
      unitCount: null,
      prunable,
      lockedBy: prunable ? null : 'dtype',
    },
  ];
}
