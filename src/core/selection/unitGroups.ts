import { type UnitSide, unitsOf } from '../graph/unitsOf';
import type { Model } from '../model/model';
import type { UnitMap } from '../report/plan';
import type { PrunedTensor } from './prunableTensors';

/** Units that go as a whole, with all their weights in every tensor that has some. */
export interface UnitGroup {
  readonly side: UnitSide;
  readonly count: number;
  readonly members: readonly UnitMember[];
}

/** The units of a group in one tensor. */
export interface UnitMember {
  readonly pruned: PrunedTensor;
  readonly map: UnitMap;
}

/** The units of some tensors. */
export interface GroupedUnits {
  readonly groups: readonly UnitGroup[];
  /** Tensors whose units cannot go, each with the reason. */
  readonly locked: readonly { readonly pruned: PrunedTensor; readonly reason: string }[];
}

/**
 * What goes together where units do: the units of each layer by themselves, but the hidden units of a recurrent
 * layer with their weights in both its kernels, where both are to be pruned.
 */
export function groupUnits(
  model: Model,
  tensors: readonly PrunedTensor[],
  { side, lockedBecause }: { readonly side: UnitSide; readonly lockedBecause: LockedBecause },
): GroupedUnits {
  const groups: UnitGroup[] = [];
  const locked: { pruned: PrunedTensor; reason: string }[] = [];
  const done = new Set<PrunedTensor>();
  for (const pruned of tensors) {
    if (done.has(pruned)) continue;
    const map = unitsOf(pruned.layer, pruned.tensor, side);
    const reason = map === null ? unknownUnits(side) : lockedBecause(model, pruned, side);
    if (map === null || reason !== null) {
      locked.push({ pruned, reason: reason ?? unknownUnits(side) });
      continue;
    }
    const own = { pruned, map };
    const sharing = side === 'output' ? kernelsOfSameCell(pruned, tensors, map.count) : [];
    for (const { pruned: one } of sharing) done.add(one);
    groups.push({ side, count: map.count, members: [own, ...sharing] });
  }
  return { groups, locked };
}

/** Why a tensor's units cannot go; null where they can. */
export type LockedBecause = (model: Model, pruned: PrunedTensor, side: UnitSide) => string | null;

function unknownUnits(side: UnitSide): string {
  return side === 'output'
    ? 'which of its weights make a unit is not known'
    : 'which of its weights read one input is not known';
}

/** The other kernels of a recurrent layer: named alike, as long in units, and one after the other. */
function kernelsOfSameCell(
  { layer }: PrunedTensor,
  tensors: readonly PrunedTensor[],
  count: number,
): UnitMember[] {
  if (layer.operator !== 'recurrent') return [];
  const cell = cellOf(layer.name);
  return tensors.flatMap((pruned) => {
    if (pruned.layer === layer || pruned.layer.operator !== 'recurrent') return [];
    if (cellOf(pruned.layer.name) !== cell) return [];
    const map = unitsOf(pruned.layer, pruned.tensor, 'output');
    return map?.count === count ? [{ pruned, map }] : [];
  });
}

/** The cell that a kernel is of: `lstm.weight_ih_l0` and `lstm.weight_hh_l0` are of one, as are `lstm` and `lstm/recurrent_kernel`. */
function cellOf(name: string): string {
  return name
    .replace(/\/recurrent_kernel$/, '')
    .replace(/weight_(ih|hh)_l/, 'weight_l')
    .replace(/weight_(ih|hh)$/, 'weight');
}
