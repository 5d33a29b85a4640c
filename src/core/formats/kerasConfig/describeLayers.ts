import { lockReasonOfWeight } from '../../graph/lockReason';
import { isPositionalName } from '../../graph/tensorNames';
import type { Layer, LayerOperator, TensorEntry } from '../../model/model';
import { findWeights } from './findWeights';

/** What the reader found of one layer that has variables. */
export interface FoundLayer {
  readonly name: string;
  readonly className: string;
  /** The class of the layer that this one wraps; null where it wraps none. */
  readonly innerClass: string | null;
  /** Kernel and bias first, where it has them. */
  readonly tensors: readonly TensorEntry[];
}

/** The layer as pruning and display need it; one whose several weights are pruned gives one for each. */
export function describeLayers(found: FoundLayer): readonly Layer[] {
  const [kernel, bias] = found.tensors;
  if (kernel === undefined) return opaqueLayers(found);
  const role = { kernel: kernel.name, bias: bias?.name ?? null };
  switch (found.className) {
    case 'Dense':
      return [kernelLayer(found, { operator: 'dense', unitAxis: 1, ...role })];
    case 'Conv2D':
    case 'Convolution2D':
      return [kernelLayer(found, { operator: 'conv2d', unitAxis: 3, ...role })];
    case 'DepthwiseConv2D':
      return [depthwiseLayer(found, role.kernel, role.bias)];
    default:
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

function opaqueLayers(found: FoundLayer): readonly Layer[] {
  if (found.className.includes('Normalization')) {
    return [lockedLayer(found, 'normalization', 'normalization')];
  }
  const weights = findWeights(found);
  if (weights.length === 0) return [lockedLayer(found, 'other', 'no-weight')];
  return weights.map((weight) => {
    const { name, kernel, tensors, role } = weight;
    const layer = kernelLayer({ ...found, name, tensors }, { ...role, kernel: kernel.name });
    return isPositionalName(kernel.name)
      ? { ...layer, prunable: false, lockedBy: 'positional' }
      : layer;
  });
}
