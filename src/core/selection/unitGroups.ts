import { recurrentCells } from '../graph/recurrentCells';
import { unitBias } from '../graph/unitBias';
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
  /** Where the units' biases lie, one for each, or one for each gate; null where they keep them. */
  readonly bias: string | null;
  /** A bias of which a unit has more than one element, each by its place. */
  readonly mappedBias?: MappedBias;
}

/** Which unit each element of a bias is of. */
export interface MappedBias {
  readonly name: string;
  readonly elementCount: number;
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
    // An empty tensor may claim units without number.
    const isEmpty = pruned.tensor.elementCount === 0;
    const map = isEmpty ? null : unitsOf(pruned.layer, pruned.tensor, side);
    const reason = map === null ? unknownUnits(side) : lockedBecause(model, pruned, side);
    if (map === null || reason !== null) {
      locked.push({ pruned, reason: reason ?? unknownUnits(side) });
      continue;
    }
    const own = { pruned, map, bias: biasOf(model, pruned, side) };
    const sharing = side === 'output' ? kernelsOfSameCell(model, own, tensors) : [];
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

function biasOf(model: Model, { layer }: PrunedTensor, side: UnitSide): string | null {
  return side === 'input' ? null : (unitBias(model, layer) ?? null);
}

/** The other kernels of a recurrent layer. */
function kernelsOfSameCell(
  model: Model,
  { pruned: { layer }, map: { count } }: UnitMember,
  tensors: readonly PrunedTensor[],
): UnitMember[] {
  const cells = recurrentCells(model);
  const cell = cells.get(layer.name);
  if (cell === undefined) return [];
  return tensors.flatMap((pruned) => {
    if (pruned.layer === layer || cells.get(pruned.layer.name) !== cell) return [];
    const map = unitsOf(pruned.layer, pruned.tensor, 'output');
    if (map?.count !== count) return [];
    return [{ pruned, map, bias: biasOf(model, pruned, 'output') }];
  });
}
