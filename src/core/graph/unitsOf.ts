import { unitMapOf } from '../model/elementOrder';
import type { Layer, TensorEntry } from '../model/model';
import type { UnitMap } from '../report/plan';
import { kernelAxes } from './kernelAxes';

/** Which weights belong to one unit: to what a layer gives, or to what it reads. */
export type UnitSide = 'output' | 'input';

/**
 * Which unit each stored element of a layer's weight belongs to; null where the weight has no such units.
 * A hidden unit of a recurrent layer has the weights of all its gates (and directions).
 */
export function unitsOf(layer: Layer, tensor: TensorEntry, side: UnitSide): UnitMap | null {
  const axes = kernelAxes(layer, tensor);
  const [axis] = (side === 'output' ? axes?.outputs : axes?.inputs) ?? [];
  if (axis === undefined) return null;
  const map = unitMapOf(tensor, axis);
  if (side === 'input' || layer.operator !== 'recurrent') return map;
  const gates = gateCount(layer.operatorLabel);
  return gates === null || map.count % gates !== 0
    ? null
    : { inner: map.inner, count: map.count / gates };
}

/** Gates of a recurrent cell, by the operator's name; null where it is not known. */
function gateCount(operatorLabel: string): number | null {
  const name = operatorLabel.toLowerCase();
  if (name.includes('lstm')) return 4;
  if (name.includes('gru')) return 3;
  return name.includes('rnn') ? 1 : null;
}
