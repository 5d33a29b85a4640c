import { type NetworkEnds, networkEnds } from '../graph/networkEnds';
import { type UnitSide, unitsOf } from '../graph/unitsOf';
import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { LeftEnd } from '../report/plan';
import { parseGranularity } from './granularity';
import { namesLayer } from './namesLayer';
import type { PrunedTensor } from './prunableTensors';

/** What is pruned once the ends of the network are left out. */
export interface WithoutEnds {
  readonly tensors: readonly PrunedTensor[];
  readonly leftEnds: readonly LeftEnd[];
}

/**
 * Leaves out layers of which whole units would go that are the model's own outputs (classes), or inputs (features,
 * channels of a picture): without them it answers another question. A layer that the recipe names, by `only` or by
 * a setting of its own, is pruned all the same; so are all where there is no other layer. Where the file does
 * not tell how layers are connected nothing is left out.
 */
export function leaveEnds(
  model: Model,
  recipe: Recipe,
  tensors: readonly PrunedTensor[],
): WithoutEnds {
  const sides = new Map(
    tensors.flatMap((one): [PrunedTensor, UnitSide][] => {
      const side = namesLayer(recipe, one.setting) ? null : unitSideOf(recipe, one);
      return side === null ? [] : [[one, side]];
    }),
  );
  const ends = sides.size === 0 ? null : networkEnds(model);
  if (ends === null) return { tensors, leftEnds: [] };
  const isEnd = (one: PrunedTensor): boolean => standsAtEnd(ends, one, sides.get(one));
  const left = tensors.filter((one) => !isEnd(one));
  if (left.length === 0) return { tensors, leftEnds: [] };
  const leftEnds = tensors.filter(isEnd).map((one): LeftEnd => {
    const end = sides.get(one) === 'input' ? 'inputs' : 'outputs';
    return { layer: one.layer.name, tensor: one.tensor.name, end };
  });
  return { tensors: left, leftEnds };
}

function unitSideOf({ granularity }: Recipe, { setting }: PrunedTensor): UnitSide | null {
  const parts = parseGranularity(setting.granularity ?? granularity);
  return parts?.kind === 'unit' ? parts.side : null;
}

function standsAtEnd(
  ends: NetworkEnds,
  { layer, tensor }: PrunedTensor,
  side: UnitSide | undefined,
): boolean {
  if (side === undefined) return false;
  if (side === 'input') return ends.readsInputs(tensor.name);
  const units = unitsOf(layer, tensor, side);
  return units !== null && ends.givesOutputs(tensor.name, units.count);
}
