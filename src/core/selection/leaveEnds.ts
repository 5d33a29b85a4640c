import { type NetworkEnds, networkEnds } from '../graph/networkEnds';
import { type UnitSide, unitsOf } from '../graph/unitsOf';
import type { Model } from '../model/model';
import type { Recipe } from '../recipe/recipe';
import type { LeftEnd } from '../report/plan';
import { parseGranularity } from './granularity';
import { namesLayer } from './namesLayer';
import type { PrunedTensor } from './prunableTensors';
import { alphaOf } from './unitThreshold';

/** What is pruned once the ends of the network are left out. */
export interface WithoutEnds {
  readonly tensors: readonly PrunedTensor[];
  readonly leftEnds: readonly LeftEnd[];
}

/**
 * Leaves out layers of which whole units would go that are the model's own outputs (classes), or inputs (features,
 * channels of a picture): without them it answers another question. A layer that the recipe names, by `only` or by
 * a setting of its own, is pruned all the same; so are all where there is no other layer. Where the file does
 * not tell how layers are connected nothing is left out. Where single weights go first, and then units below the unit
 * threshold, such a layer gives up weights like any other, and keeps its units.
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
  if (tensors.every(isEnd)) return { tensors, leftEnds: [] };
  const isLeft = (one: PrunedTensor): boolean => isEnd(one) && goesByUnits(recipe, one);
  const leftEnds = tensors.filter(isLeft).map((one): LeftEnd => {
    const end = sides.get(one) === 'input' ? 'inputs' : 'outputs';
    return { layer: one.layer.name, tensor: one.tensor.name, end };
  });
  const left = tensors.filter((one) => !isLeft(one));
  return {
    tensors: left.map((one) => (isEnd(one) ? { ...one, givesOutputs: true } : one)),
    leftEnds,
  };
}

function goesByUnits({ granularity }: Recipe, { setting }: PrunedTensor): boolean {
  return parseGranularity(setting.granularity ?? granularity)?.kind === 'unit';
}

/** Which side's units may go: by the granularity, or by the unit threshold after single weights. */
function unitSideOf(recipe: Recipe, one: PrunedTensor): UnitSide | null {
  const parts = parseGranularity(one.setting.granularity ?? recipe.granularity);
  if (parts?.kind === 'unit') return parts.side;
  return alphaOf(recipe, one) === null ? null : 'output';
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
