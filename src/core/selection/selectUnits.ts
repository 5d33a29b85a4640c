import { UnsupportedError } from '../errors';
import type { UnitSide } from '../graph/unitsOf';
import { maskByteLength, maskUnits } from '../kernels/maskKernels';
import { MAX_RANKED_UNITS } from '../limits';
import { unitFlagsOf } from '../model/applyCut';
import type { TensorCut } from '../report/plan';
import { hasOwnTarget, isPooled, ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { rankUnits, type UnitTarget } from './rankUnits';
import { rankedUnitScore, scoreOfRankedUnit } from './rankedThreshold';
import { roundHalfEven } from './roundHalfEven';
import { selectedNothing, type SelectedCut, type SelectionResult } from './selected';
import {
  type GroupedUnits,
  groupUnits,
  type LockedBecause,
  type MappedBias,
  type UnitGroup,
} from './unitGroups';
import { unitScores } from './unitScores';

/** Which units go, and why those of a tensor may not. */
export interface UnitChoice {
  readonly side: UnitSide;
  readonly lockedBecause: LockedBecause;
  /** Layers without a target of their own are ranked together. */
  readonly pooled: boolean;
}

interface ScoredGroup {
  readonly group: UnitGroup;
  readonly scores: Float64Array;
}

/** A group with the units that it loses. */
interface CutGroup {
  readonly group: UnitGroup;
  readonly units: readonly number[];
  readonly threshold: number | null;
}

/**
 * Whole units by their scores: of output units a layer's rows with its bias, of input units its columns. The
 * number that goes is the share times the units, rounded half to even, of each layer or of all together; in
 * global scope what layers with a target of their own lose counts towards it. A layer never loses its last unit.
 */
export async function selectUnits(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  choice: UnitChoice,
): Promise<SelectionResult> {
  const grouped = groupUnits(job.model, tensors, choice);
  return selectGroups(job, tensors, { ...grouped, pooled: choice.pooled, scoresOf: unitScores });
}

/** Units that are ranked with each other, and how. */
export interface RankedGroups extends GroupedUnits {
  readonly pooled: boolean;
  readonly scoresOf: (job: PlanJob, group: UnitGroup) => Promise<Float64Array>;
}

/** Selects whole units of groups. Tensors in no group, and of locked ones, stay as they are. */
export async function selectGroups(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  { groups, locked, pooled, scoresOf }: RankedGroups,
): Promise<SelectionResult> {
  assertRankable(groups);
  const scored: ScoredGroup[] = [];
  for (const group of groups) scored.push({ group, scores: await scoresOf(job, group) });
  const { cut, globalThreshold, missing } = cutGroups(job, scored, pooled && isPooled(job));
  const selected = new Map<PrunedTensor, SelectedCut>();
  for (const one of cut) for (const taken of selectedOf(one)) selected.set(taken.pruned, taken);
  return {
    selected: tensors.map((pruned) => selected.get(pruned) ?? selectedNothing(pruned)),
    globalThreshold,
    shortBy: 0,
    warnings: [
      ...locked.map(({ pruned, reason }) => `${pruned.layer.name}: keeps its units, ${reason}`),
      ...(missing > 0 ? [shortWarning(missing)] : []),
    ],
  };
}

/** Before any memory is taken for them: their number is the file's. */
function assertRankable(groups: readonly UnitGroup[]): void {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count <= MAX_RANKED_UNITS) return;
  throw new UnsupportedError({
    feature: 'pruning whole units',
    found: `${count} units`,
    supported: `at most ${MAX_RANKED_UNITS}: fewer layers (--layers), or granularity weight`,
  });
}

function shortWarning(missing: number): string {
  return `the target asks for ${missing} more units than the layers can give: each keeps one`;
}

interface CutGroups {
  readonly cut: readonly CutGroup[];
  readonly globalThreshold: number | null;
  /** Units that the target asks for and no layer can give. */
  readonly missing: number;
}

function cutGroups(job: PlanJob, scored: readonly ScoredGroup[], pooled: boolean): CutGroups {
  const alone = scored.filter(({ group }) => !pooled || hasOwnTargetGroup(job, group));
  const cut = alone.map((one) => cutAlone(job, one));
  if (!pooled) return { cut, globalThreshold: null, missing: 0 };
  const pool = scored.filter((one) => !alone.includes(one));
  const given = cut.reduce((sum, { units }) => sum + units.length, 0);
  const total = scored.reduce((sum, { group }) => sum + group.count, 0);
  const wanted = roundHalfEven((job.recipe.sparsity ?? 0) * total);
  const count = Math.max(0, wanted - given);
  const { taken, threshold } = rankUnits(
    pool.map(({ scores }) => scores),
    { kind: 'count', count },
  );
  const shown = scoreOfRankedUnit(job.source, threshold);
  const together = pool.map(({ group }, i) => ({ group, units: taken[i] ?? [], threshold: shown }));
  const found = taken.reduce((sum, units) => sum + units.length, 0);
  return { cut: [...cut, ...together], globalThreshold: shown, missing: count - found };
}

function hasOwnTargetGroup(job: PlanJob, { members }: UnitGroup): boolean {
  return members.some(({ pruned }) => hasOwnTarget(job, pruned));
}

function cutAlone(job: PlanJob, { group, scores }: ScoredGroup): CutGroup {
  const { taken, threshold } = rankUnits([scores], targetOf(job, group));
  const shown = scoreOfRankedUnit(job.source, threshold);
  return { group, units: taken[0] ?? [], threshold: shown };
}

/** Of tensors that share their units the first one with a target of its own decides. */
function targetOf(job: PlanJob, { members, count }: UnitGroup): UnitTarget {
  const own = members.find(({ pruned }) => hasOwnTarget(job, pruned)) ?? members[0];
  if (own === undefined) return { kind: 'count', count: 0 };
  const target = ownTarget(job, own.pruned);
  return target.kind === 'threshold'
    ? { kind: 'threshold', threshold: rankedUnitScore(job.source, target.threshold) }
    : { kind: 'count', count: roundHalfEven(target.share * count) };
}

function selectedOf({ group, units, threshold }: CutGroup): SelectedCut[] {
  return group.members.map(({ pruned, map, bias, mappedBias }): SelectedCut => {
    const perUnit = pruned.tensor.elementCount / group.count;
    const cut: TensorCut = { threshold: null, tieLimit: 0, unitMap: map, zeroedUnits: units };
    return {
      kind: 'cut',
      pruned,
      cut,
      threshold: units.length === 0 ? null : threshold,
      selectedCount: units.length * perUnit,
      tally: null,
      bias,
      ...(mappedBias === undefined ? {} : { maskedBias: maskOfBias(mappedBias, units) }),
    };
  });
}

function maskOfBias(
  { name, elementCount, map }: MappedBias,
  units: readonly number[],
): NonNullable<SelectedCut['maskedBias']> {
  const mask = new Uint8Array(maskByteLength(elementCount));
  maskUnits(mask, unitFlagsOf(units, map.count), { elementCount, inner: map.inner });
  return { name, mask };
}
