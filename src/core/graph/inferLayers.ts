import type { Layer, LayerOperator, LockReason, TensorEntry } from '../model/model';
import { type KernelLayout, unitAxisOf, voteLayout } from './kernelLayout';
import { lockReasonOfWeight } from './lockReason';
import { type InferredParts, weightNormalizedParts } from './weightNormalization';
import {
  isAuxiliaryName,
  isEmbeddingName,
  isNormalizationName,
  isPositionalName,
  isPositionInFile,
  parseTensorName,
} from './tensorNames';

interface NamedTensor {
  readonly tensor: TensorEntry;
  readonly parts: InferredParts;
}

/** A weight with its bias, or tensors that go together without being pruned. */
interface Group {
  readonly layer: string;
  readonly kind: 'weight' | 'normalization' | 'magnitude' | 'other';
  readonly weight: NamedTensor;
  readonly bias: TensorEntry | null;
  readonly tensors: readonly TensorEntry[];
}

/** What a format knows of its files beyond names and shapes. */
export interface InferenceHints {
  /** Which side of a matrix its outputs lie on, where the framework's naming tells otherwise. */
  readonly denseLayout?: KernelLayout;
  /** Layers come as the tensors are listed, not as their bytes lie. */
  readonly asListed?: boolean;
}

/**
 * The layers of a file without a graph, guessed from names and shapes, in the order in which their
 * bytes lie. Which axis counts the units: what the bias's length says, else the framework's naming,
 * else the layout in which the file's shapes chain best, else PyTorch's.
 */
export function inferLayers(
  tensors: readonly TensorEntry[],
  { denseLayout, asListed = false }: InferenceHints = {},
): readonly Layer[] {
  const parameters = tensors.filter((tensor) => tensor.role === 'parameter');
  const weightNormalized = weightNormalizedParts(parameters.map(({ name }) => name));
  const named = (asListed ? parameters : inFileOrder(parameters)).map((tensor): NamedTensor => {
    const parts = weightNormalized.get(tensor.name) ?? parseTensorName(tensor.name);
    return { tensor, parts: withLayout(parts, tensor.shape.length, denseLayout) };
  });
  const groups = groupTensors(named);
  const weights = groups.filter((group) => group.kind === 'weight');
  const layout = voteLayout(weights.map(({ weight, bias }) => ({ weight: weight.tensor, bias })));
  const recurrent = new Map(
    named
      .filter(({ tensor }) => isRecurrent(tensor.name))
      .map(({ tensor, parts }) => [parts.prefix, cellLabel(tensor)]),
  );
  return uniquelyNamed(groups.map((group) => describe(group, layout, recurrent)));
}

function withLayout(
  parts: InferredParts,
  rank: number,
  denseLayout: KernelLayout | undefined,
): InferredParts {
  return rank === 2 && denseLayout !== undefined ? { ...parts, layout: denseLayout } : parts;
}

function inFileOrder(tensors: readonly TensorEntry[]): readonly TensorEntry[] {
  const place = (tensor: TensorEntry) => tensor.spans[0] ?? { fileIndex: 0, byteOffset: 0 };
  return [...tensors].sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first.fileIndex - second.fileIndex || first.byteOffset - second.byteOffset;
  });
}

function groupTensors(named: readonly NamedTensor[]): readonly Group[] {
  const normalizations = normalizationLayers(named);
  const biases = findBiases(named, normalizations);
  const claimed = new Set(biases.values());
  const members = membersOf(named, normalizations);
  const done = new Set<string>();
  return named.flatMap((entry): Group[] => {
    const { tensor, parts } = entry;
    if (normalizations.has(parts.layer)) {
      if (done.has(parts.layer)) return [];
      done.add(parts.layer);
      const all = members.get(parts.layer) ?? [tensor];
      return [
        { layer: parts.layer, kind: 'normalization', weight: entry, bias: null, tensors: all },
      ];
    }
    if (claimed.has(tensor)) return [];
    if (parts.role === 'magnitude') {
      return [
        { layer: tensor.name, kind: 'magnitude', weight: entry, bias: null, tensors: [tensor] },
      ];
    }
    const bias = biases.get(tensor) ?? null;
    const kind = isWeight(entry) ? 'weight' : 'other';
    const own = bias === null ? [tensor] : [tensor, bias];
    return [{ layer: parts.layer, kind, weight: entry, bias, tensors: own }];
  });
}

/** The tensors of each of the layers, in order; one pass, for there may be tens of thousands. */
function membersOf(
  named: readonly NamedTensor[],
  layers: ReadonlySet<string>,
): ReadonlyMap<string, readonly TensorEntry[]> {
  const members = new Map<string, TensorEntry[]>();
  for (const { tensor, parts } of named) {
    if (!layers.has(parts.layer)) continue;
    const known = members.get(parts.layer);
    if (known === undefined) members.set(parts.layer, [tensor]);
    else known.push(tensor);
  }
  return members;
}

/** Layers with running statistics or gamma, and those named so whose weight is a vector like its bias. */
function normalizationLayers(named: readonly NamedTensor[]): ReadonlySet<string> {
  const layers = new Set<string>();
  const shapes = new Map(
    named.map(({ tensor, parts }) => [parts.role + parts.pairKey, tensor.shape]),
  );
  for (const { tensor, parts } of named) {
    if (parts.role === 'statistic') layers.add(parts.layer);
    if (parts.role !== 'weight' || !isNormalizationName(parts.layer)) continue;
    const bias = shapes.get(`bias${parts.pairKey}`);
    if (tensor.shape.length === 1 || bias?.join() === tensor.shape.join()) layers.add(parts.layer);
  }
  return layers;
}

/** Weight to bias, by name; for arrays without names the vector that follows a matrix and fits it. */
function findBiases(
  named: readonly NamedTensor[],
  normalizations: ReadonlySet<string>,
): ReadonlyMap<TensorEntry, TensorEntry> {
  const byKey = new Map(
    named.filter(({ parts }) => parts.role === 'bias').map((entry) => [entry.parts.pairKey, entry]),
  );
  const biases = new Map<TensorEntry, TensorEntry>();
  const taken = new Set<TensorEntry>();
  const positional = named.filter(({ tensor }) => isPositionInFile(tensor.name));
  for (const { tensor, parts } of named) {
    const bias = byKey.get(parts.pairKey)?.tensor;
    if (parts.role !== 'weight' || bias === undefined || normalizations.has(parts.layer)) continue;
    if (!taken.has(bias) && mayBeBiasOf(bias, tensor)) {
      taken.add(bias);
      biases.set(tensor, bias);
    }
  }
  positional.sort((a, b) => numberIn(a.tensor.name) - numberIn(b.tensor.name));
  positional.forEach(({ tensor }, i) => {
    const next = positional[i + 1]?.tensor;
    if (next === undefined || tensor.shape.length < 2 || next.shape.length !== 1) return;
    const [length] = next.shape;
    if (length === tensor.shape[0] || length === tensor.shape.at(-1)) biases.set(tensor, next);
  });
  return biases;
}

/** As long as one of the weight's axes: of two kernels in one layer only one has the bias's length. */
function mayBeBiasOf(bias: TensorEntry, weight: TensorEntry): boolean {
  const [length] = bias.shape;
  return bias.shape.length === 1 && length !== undefined && weight.shape.includes(length);
}

function numberIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

/** What is multiplied with inputs: named so, or of rank 2 and more and named like nothing else. */
function isWeight({ tensor, parts }: NamedTensor): boolean {
  if (parts.role === 'weight') return true;
  return parts.role === 'other' && tensor.shape.length >= 2 && !isAuxiliaryName(tensor.name);
}

function isRecurrent(name: string): boolean {
  return /(^|[./_])(recurrent_kernel|weight_hh(_l\d+)?(_reverse)?(_v|\.original1)?)(:\d+)?$/.test(
    name,
  );
}

/** Which cell it is, by how many gates of its own units a kernel from units to units has. */
function cellLabel({ shape }: TensorEntry): string {
  const [longer, shorter] = [Math.max(...shape), Math.min(...shape)];
  return (
    new Map([
      [1, 'RNN'],
      [3, 'GRU'],
      [4, 'LSTM'],
    ]).get(longer / shorter) ?? LABELS.recurrent
  );
}

function describe(
  group: Group,
  layout: KernelLayout,
  recurrent: ReadonlyMap<string, string>,
): Layer {
  const { tensor, parts } = group.weight;
  const base = {
    name: group.layer,
    guessed: true as const,
    parameters: group.tensors.map(({ name }) => name),
  };
  if (group.kind !== 'weight') {
    const lockedBy = group.kind === 'other' ? unprunedReason(tensor) : 'normalization';
    return locked(base, group.kind === 'normalization' ? 'normalization' : 'other', lockedBy);
  }
  const gates = recurrent.has(parts.prefix);
  const operator = gates && tensor.shape.length === 2 ? 'recurrent' : operatorOf(group);
  const unitAxis = gates
    ? null
    : unitAxisOf({ weight: tensor, bias: group.bias, parts, operator, layout });
  const unitCount = unitAxis === null ? null : (tensor.shape[unitAxis] ?? null);
  const lockedBy = isPositionalName(tensor.name) ? 'positional' : lockReasonOfWeight(tensor);
  const shown = isTransposed(operator, unitAxis) ? 'convTranspose' : operator;
  return {
    ...base,
    operator: shown,
    operatorLabel:
      shown === 'recurrent' ? (recurrent.get(parts.prefix) ?? LABELS[shown]) : LABELS[shown],
    weight: tensor.name,
    ...(isBiasOf(group.bias, unitCount) ? { bias: group.bias.name } : {}),
    unitAxis,
    unitCount,
    prunable: lockedBy === null,
    lockedBy,
  };
}

/** Of plain convolutions only a transposed one of PyTorch has its outputs on the second axis. */
function isTransposed(operator: LayerOperator, unitAxis: number | null): boolean {
  return (
    unitAxis === 1 && (operator === 'conv1d' || operator === 'conv2d' || operator === 'conv3d')
  );
}

/** One value a unit: anything else cannot be zeroed with its unit. */
function isBiasOf(bias: TensorEntry | null, unitCount: number | null): bias is TensorEntry {
  return bias?.shape.length === 1 && bias.shape[0] === unitCount;
}

const LABELS: Readonly<Record<LayerOperator, string>> = {
  dense: 'Dense',
  conv1d: 'Conv1D',
  conv2d: 'Conv2D',
  conv3d: 'Conv3D',
  depthwiseConv2d: 'DepthwiseConv2D',
  convTranspose: 'ConvTranspose',
  recurrent: 'Recurrent',
  embedding: 'Embedding',
  normalization: 'Normalization',
  other: 'Parameter',
};

function operatorOf({ weight, bias, layer }: Group): LayerOperator {
  const { tensor } = weight;
  const rank = tensor.shape.length;
  if (rank === 4) return tensor.name.includes('depthwise_kernel') ? 'depthwiseConv2d' : 'conv2d';
  if (rank === 3) return 'conv1d';
  if (rank === 5) return 'conv3d';
  if (rank !== 2) return 'other';
  const table = bias === null && (isEmbeddingName(layer) || tensor.name.endsWith('embeddings'));
  return table ? 'embedding' : 'dense';
}

function unprunedReason(tensor: TensorEntry): LockReason {
  if (isPositionalName(tensor.name)) return 'positional';
  return tensor.shape.length < 2 ? 'rank' : 'no-weight';
}

function locked(
  base: Pick<Layer, 'name' | 'guessed' | 'parameters'>,
  operator: LayerOperator,
  lockedBy: LockReason,
): Layer {
  const operatorLabel = LABELS[operator];
  return {
    ...base,
    operator,
    operatorLabel,
    unitAxis: null,
    unitCount: null,
    prunable: false,
    lockedBy,
  };
}

/** Two weights below one name (recurrent and input kernel, say) go by their tensors' names. */
function uniquelyNamed(layers: readonly Layer[]): readonly Layer[] {
  const seen = new Set<string>();
  return layers.map((layer) => {
    const name = seen.has(layer.name) ? (layer.parameters[0] ?? layer.name) : layer.name;
    seen.add(name);
    return { ...layer, name };
  });
}
