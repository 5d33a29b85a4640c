import type { Operator } from '../../graph/graph';
import { lockReasonOfWeight } from '../../graph/lockReason';
import { isPositionalName } from '../../graph/tensorNames';
import type { Layer, LayerOperator, TensorEntry } from '../../model/model';

/** What the reader found of one layer that has variables. */
export interface FoundLayer {
  readonly name: string;
  readonly className: string;
  readonly operators: readonly Operator[];
  readonly tensors: readonly TensorEntry[];
}

/** The layer as pruning and display need it; one whose several weights are pruned gives one for each. */
export function describeLayers(found: FoundLayer): readonly Layer[] {
  const [first] = found.operators;
  if (first === undefined) return opaqueLayers(found);
  switch (first.kind) {
    case 'dense':
      return [
        kernelLayer(found, {
          operator: 'dense',
          kernel: first.kernel,
          bias: first.bias,
          unitAxis: 1,
        }),
      ];
    case 'conv2d':
      return [
        kernelLayer(found, {
          operator: 'conv2d',
          kernel: first.kernel,
          bias: first.bias,
          unitAxis: 3,
        }),
      ];
    case 'depthwiseConv2d':
      return [depthwiseLayer(found, first.kernel, first.bias)];
    case 'batchNormalization':
      return [lockedLayer(found, 'normalization', 'normalization')];
    case 'pool2d':
    case 'globalPool2d':
    case 'activation':
    case 'identity':
    case 'flatten':
    case 'reshape':
    case 'zeroPadding2d':
    case 'merge':
    case 'concatenate':
    case 'opaque':
      return opaqueLayers(found);
  }
}

interface KernelRole {
  readonly operator: LayerOperator;
  readonly kernel: string;
  readonly bias: string | null;
  readonly unitAxis: number | null;
}

function kernelLayer(found: FoundLayer, role: KernelRole): Layer {
  const weight = found.tensors.find((tensor) => tensor.name === role.kernel);
  if (weight === undefined) return lockedLayer(found, role.operator, 'no-weight');
  const lockedBy = lockReasonOfWeight(weight);
  return {
    name: found.name,
    operator: role.operator,
    operatorLabel: found.className,
    parameters: [weight, ...found.tensors.filter((tensor) => tensor !== weight)].map(
      ({ name }) => name,
    ),
    weight: weight.name,
    ...(role.bias === null ? {} : { bias: role.bias }),
    unitAxis: role.unitAxis,
    unitCount: role.unitAxis === null ? null : (weight.shape[role.unitAxis] ?? null),
    prunable: lockedBy === null,
    lockedBy,
  };
}

/**
 * The units of a depthwise convolution are its channels times the multiplier, over the last two axes.
 * With a multiplier of 1 the channels alone count them; otherwise no one axis does.
 */
function depthwiseLayer(found: FoundLayer, kernel: string, bias: string | null): Layer {
  const weight = found.tensors.find((tensor) => tensor.name === kernel);
  const single = weight?.shape[3] === 1;
  const operator = 'depthwiseConv2d';
  const layer = kernelLayer(found, { operator, kernel, bias, unitAxis: single ? 2 : null });
  const [, , channels = 0, multiplier = 0] = weight?.shape ?? [];
  return { ...layer, unitCount: channels * multiplier };
}

function lockedLayer(
  found: FoundLayer,
  operator: LayerOperator,
  lockedBy: 'normalization' | 'no-weight',
): Layer {
  return {
    name: found.name,
    operator,
    operatorLabel: found.className,
    parameters: found.tensors.map(({ name }) => name),
    unitAxis: null,
    unitCount: null,
    prunable: false,
    lockedBy,
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

/** The axis of the units in the kernels of layers that are not run: gates of recurrent ones have none. */
const UNIT_AXES: Readonly<Record<string, number>> = {
  Conv1D: 2,
  Conv2DTranspose: 2,
  Conv3D: 4,
  Conv3DTranspose: 3,
  Embedding: 1,
};

function opaqueLayers(found: FoundLayer): readonly Layer[] {
  if (found.className.includes('Normalization')) {
    return [lockedLayer(found, 'normalization', 'normalization')];
  }
  const kernels = found.tensors.filter((tensor) => KERNELS.has(variableOf(tensor)));
  if (kernels.length === 0) return [lockedLayer(found, 'other', 'no-weight')];
  return kernels.map((kernel, index) => opaqueKernelLayer(found, kernel, index === 0));
}

/** The first kernel goes by the layer's name, with the tensors that are no kernels; further ones by their own. */
function opaqueKernelLayer(found: FoundLayer, kernel: TensorEntry, first: boolean): Layer {
  const rest = found.tensors.filter((tensor) => !KERNELS.has(variableOf(tensor)));
  const unitAxis = Object.hasOwn(UNIT_AXES, found.className)
    ? (UNIT_AXES[found.className] ?? null)
    : null;
  const units = unitAxis === null ? undefined : kernel.shape[unitAxis];
  const bias = rest.find((tensor) => variableOf(tensor) === 'bias' && tensor.shape[0] === units);
  const layer = kernelLayer(
    {
      ...found,
      name: first ? found.name : kernel.name,
      tensors: first ? [kernel, ...rest] : [kernel],
    },
    {
      operator: found.className === 'Embedding' ? 'embedding' : 'other',
      kernel: kernel.name,
      bias: first && bias !== undefined ? bias.name : null,
      unitAxis,
    },
  );
  return isPositionalName(kernel.name)
    ? { ...layer, prunable: false, lockedBy: 'positional' }
    : layer;
}

function variableOf(tensor: TensorEntry): string {
  return (tensor.name.split('/').at(-1) ?? '').replace(/:\d+$/, '');
}
