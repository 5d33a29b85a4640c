import type { ReconstructTarget } from '../../core/criteria/scoringPort';
import { kernelAxes } from '../../core/graph/kernelAxes';
import { flagGroups } from '../../core/kernels/groupMaskKernels';
import { maskByteLength, setFlagBits } from '../../core/kernels/maskKernels';
import type { Values } from '../../core/model/decodeValues';
import type { Model, TensorEntry } from '../../core/model/model';

/**
 * What is to go of a layer whose weights no vectors of data meet, so that nothing is chosen while others are
 * updated: of groups along its inputs all but those of the largest magnitude, as a mask; other targets as they are.
 * @param weights in C order
 */
export function groupsByMagnitude(
  { layers }: Model,
  tensor: TensorEntry,
  weights: Values,
  target: ReconstructTarget,
): ReconstructTarget {
  if (target.kind !== 'groups') return target;
  const layer = layers.find(({ weight }) => weight === tensor.name);
  const axis = layer === undefined ? undefined : kernelAxes(layer, tensor)?.inputs[0];
  if (axis === undefined) throw new Error(`the axis of the inputs of ${tensor.name} is not known`);
  const inner = tensor.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const flags = new Uint8Array(weights.length);
  flagGroups(flags, weights, { keep: target.keep, group: target.group, inner });
  const mask = new Uint8Array(maskByteLength(weights.length));
  setFlagBits(mask, flags, { firstElement: 0, flatIndexOf: null });
  return { kind: 'mask', mask };
}
