import { unitBias } from '../graph/unitBias';
import type { UnitSide } from '../graph/unitsOf';
import { unwritableReason } from '../model/lockUnwritableLayers';
import { type Model, tensorNamed } from '../model/model';
import type { PrunedTensor } from './prunableTensors';

/** Why a layer's units cannot go as a whole, where its unit axis is known; null where they can. */
export function unitsLockedBecause(
  model: Model,
  { layer }: PrunedTensor,
  side: UnitSide = 'output',
): string | null {
  const bias = unitBias(model, layer);
  if (side === 'input' || bias === undefined) return null;
  const reason = unwritableReason(model, tensorNamed(model, bias));
  return reason === null ? null : `its bias cannot be zeroed in place (${reason})`;
}

/** Why a unit threshold does not apply to a layer; null where it does. */
export function unitNormLockedBecause(model: Model, pruned: PrunedTensor): string | null {
  if (pruned.layer.unitAxis === null) return 'its unit axis is not known';
  if (pruned.givesOutputs === true) {
    return "its units are the model's outputs (--layers, or a setting of its own, prunes them all the same)";
  }
  return unitsLockedBecause(model, pruned);
}
