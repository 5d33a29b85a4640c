import type { LayerOperator, TensorEntry } from '../../model/model';
import type { FoundLayer } from './describeLayers';

/** One weight of a layer outside the operator set, with what goes with it. */
export interface FoundWeight {
  /** The layer's name, with the part that the weight belongs to where there are several. */
  readonly name: string;
  readonly kernel: TensorEntry;
  /** The weight, and the variables of the same part that are no weights. */
  readonly tensors: readonly TensorEntry[];
  readonly role: {
    readonly operator: LayerOperator;
    readonly bias: string | null;
    readonly unitAxis: number | null;
  };
}

/** Variables that Keras multiplies inputs with, whatever the layer. */
const KERNELS: ReadonlySet<string> = new Set([
  'kernel',
  'recurrent_kernel',
  'depthwise_kernel',
  'pointwise_kernel',
  'embeddings',
]);

/** What layers do that are not run here, and the axis of the units in their kernels: gates have none. */
const CLASSES: Readonly<Record<string, readonly [LayerOperator, number | null]>> = {
  Dense: ['dense', 1],
  EinsumDense: ['dense', null],
  MultiHeadAttention: ['dense', null],
  GroupQueryAttention: ['dense', null],
  Conv1D: ['conv1d', 2],
  Conv2D: ['conv2d', 3],
  Conv3D: ['conv3d', 4],
  Conv1DTranspose: ['convTranspose', 1],
  Conv2DTranspose: ['convTranspose', 2],
  Conv3DTranspose: ['convTranspose', 3],
  DepthwiseConv1D: ['other', null],
  SeparableConv1D: ['conv1d', 2],
  SeparableConv2D: ['conv2d', 3],
  Embedding: ['embedding', 1],
  RNN: ['recurrent', null],
  SimpleRNN: ['recurrent', null],
  GRU: ['recurrent', null],
  LSTM: ['recurrent', null],
  Bidirectional: ['recurrent', null],
  ConvLSTM1D: ['recurrent', null],
  ConvLSTM2D: ['recurrent', null],
  ConvLSTM3D: ['recurrent', null],
};

/**
 * The weights of a layer in the order of its tensors. A layer of one part (a kernel, its recurrent kernel, a
 * bias) gives the first weight its own name; of several parts (attention, two directions) each has its part's.
 */
export function findWeights(found: FoundLayer): readonly FoundWeight[] {
  const kernels = found.tensors.filter((tensor) => KERNELS.has(variableOf(tensor)));
  const parts = new Set(kernels.map((kernel) => partOf(found, kernel)));
  const [firstPart = ''] = parts;
  const seen = new Set<string>();
  return kernels.map((kernel): FoundWeight => {
    const part = partOf(found, kernel);
    const base = parts.size === 1 || part === '' ? found.name : `${found.name}/${part}`;
    const isFirst = !seen.has(part);
    seen.add(part);
    const others = found.tensors.filter((tensor) => {
      const own = partOf(found, tensor);
      const home = parts.has(own) ? own : firstPart;
      return isFirst && home === part && !kernels.includes(tensor);
    });
    return {
      name: isFirst ? base : `${base}/${variableOf(kernel)}`,
      kernel,
      tensors: [kernel, ...others],
      role: roleOf(found, kernel, { part, kernels }),
    };
  });
}

function roleOf(
  found: FoundLayer,
  kernel: TensorEntry,
  { part, kernels }: { readonly part: string; readonly kernels: readonly TensorEntry[] },
): FoundWeight['role'] {
  const className = found.innerClass ?? found.className;
  const [operator, axis] = Object.hasOwn(CLASSES, className)
    ? (CLASSES[className] ?? UNKNOWN)
    : UNKNOWN;
  const variable = variableOf(kernel);
  if (variable === 'depthwise_kernel') {
    return { operator: 'depthwiseConv2d', bias: null, unitAxis: null };
  }
  const isOutput = className.endsWith('Attention') && /output/.test(part);
  const unitAxis = isOutput ? kernel.shape.length - 1 : axis;
  const units = unitAxis === null ? undefined : kernel.shape[unitAxis];
  const bias = found.tensors.find(
    (tensor) =>
      variableOf(tensor) === 'bias' &&
      partOf(found, tensor) === part &&
      tensor.shape.length === 1 &&
      tensor.shape[0] === units,
  );
  // The bias belongs to the last kernel: a separable convolution adds it after the pointwise one.
  const own = kernels.filter((one) => partOf(found, one) === part).at(-1) === kernel;
  return { operator, unitAxis, bias: own && bias !== undefined ? bias.name : null };
}

const UNKNOWN: readonly [LayerOperator, number | null] = ['other', null];

/** What `.h5` files call the parts of attention, by the attributes that `.keras` files name. */
const ATTENTION_PARTS = new Map([
  ['query_dense', 'query'],
  ['key_dense', 'key'],
  ['value_dense', 'value'],
  ['output_dense', 'attention_output'],
]);

/** The part of a layer that a variable belongs to; a recurrent layer's cell is the layer itself. */
function partOf(found: FoundLayer, tensor: TensorEntry): string {
  const parts = tensor.name.split('/').slice(0, -1);
  const inside = parts.slice(parts.lastIndexOf(found.name) + 1);
  if (!parts.includes(found.name)) return '';
  const named = inside.filter((part) => !/(^|_)cell(_\d+)?$/.test(part));
  return named.map((part) => ATTENTION_PARTS.get(part) ?? part).join('/');
}

function variableOf(tensor: TensorEntry): string {
  return (tensor.name.split('/').at(-1) ?? '').replace(/:\d+$/, '');
}
