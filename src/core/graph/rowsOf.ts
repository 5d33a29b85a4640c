import type { RowMap } from '../kernels/rowMaskKernel';
import type { Layer, TensorEntry } from '../model/model';
import { kernelAxes } from './kernelAxes';
import { productOf } from './shapes/valueFacts';

/**
 * Which output each weight of a layer belongs to, in C order: the neuron, filter, or gate of a hidden unit (of each
 * direction by itself) whose sum it goes into; null where that is not known.
 */
export function rowsOf(layer: Layer, tensor: TensorEntry): RowMap | null {
  const { shape } = tensor;
  const axes = kernelAxes(layer, tensor);
  const [axis] = axes?.outputs ?? [];
  if (axes === null || axis === undefined) return rowsOverLastAxes(layer, shape);
  const inner = productOf(shape.slice(axis + 1));
  const isDirected = layer.operator === 'recurrent' && axes.others.length > 0;
  return { inner, count: isDirected ? productOf(shape.slice(0, axis + 1)) : (shape[axis] ?? 1) };
}

/** Attention keeps [in, heads, size], depthwise convolutions [...window, channels, multiplier]. */
function rowsOverLastAxes(
  { operator, operatorLabel }: Layer,
  shape: readonly number[],
): RowMap | null {
  const isProjection = operatorLabel.endsWith('Attention') && shape.length === 3;
  if (!isProjection && operator !== 'depthwiseConv2d') return null;
  return { inner: 1, count: productOf(shape.slice(-2)) };
}
