import { cutsByTensor, NO_CUT } from '../../model/applyCut';
import { layerMasks } from '../../model/layerMasks';
import { type Model, tensorNamed } from '../../model/model';
import type { PlanEntry, TensorCut } from '../../report/plan';
import { withUnitsMasked } from '../withUnitsMasked';

/**
 * The cuts of a plan by the tensor that they are written into: where a parameter is multiplied with a mask, that is
 * the mask; the parameter itself keeps its values, so that training can go on with its zeros kept.
 */
export function writtenCuts(
  model: Model,
  entries: readonly PlanEntry[],
): ReadonlyMap<string, TensorCut> {
  const cuts = new Map(cutsByTensor(entries));
  for (const [name, maskName] of layerMasks(model)) {
    const cut = cuts.get(name);
    if (cut === undefined) continue;
    cuts.delete(name);
    if (cut.values !== undefined) cuts.set(name, { ...NO_CUT, values: cut.values });
    const { mask } = withUnitsMasked(tensorNamed(model, name), cut);
    if (mask !== undefined) cuts.set(maskName, { ...NO_CUT, mask });
    else if (cut.threshold !== null) throw new Error(`what goes of ${name} is told by no mask`);
  }
  return cuts;
}
