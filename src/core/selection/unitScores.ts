import type { UnitReduction } from '../criteria/criterion';
import { LARGEST_FLOAT32, numberOfKey } from '../kernels/orderedKeys';
import { countMaskedInPlace } from '../kernels/maskKernels';
import {
  addUnitScoresInPlace,
  makeUnitAccumulators,
  type UnitAccumulators,
} from '../kernels/unitReductionKernel';
import { unitsOf } from '../graph/unitsOf';
import type { Values } from '../model/decodeValues';
import { GONE_UNIT, goneFlags, withKeptZeros } from './goneScores';
import type { PlanJob } from './planJob';
import type { ScoreSource } from './scoreSource';
import type { UnitGroup, UnitMember } from './unitGroups';

/**
 * One score a unit, larger = keep; NaN where a weight of the unit, or its score, is not finite, so that it
 * never goes. Of criteria that rank units their own: those of tensors that share their units are added (L2 norms: the root of their squares), but
 * of activations they are the same and count once. Of criteria that rank weights the recipe's reduction over
 * all weights of the unit, its biases left out: `sum` when nothing is said.
 * Space: three float64 a unit.
 */
export async function unitScores(job: PlanJob, group: UnitGroup): Promise<Float64Array> {
  const own = await ownScores(job, group);
  return own ?? reducedScores(job, group);
}

async function ownScores(job: PlanJob, group: UnitGroup): Promise<Float64Array | null> {
  let total: Float64Array | null = null;
  for (const { pruned } of group.members) {
    const scores = await job.source.unitScoresOf(pruned.tensor, group.side);
    if (scores === null) return null;
    assertOneAUnit(scores, pruned.tensor.name, group.count);
    // Activations are of the units, whichever of their tensors is asked for.
    if (job.source.facts !== null) return withGoneLowest(job, group, scores);
    const add = job.recipe.criterion === 'l2-norm' ? Math.hypot : plus;
    total = total === null ? scores : total.map((score, unit) => add(score, scores[unit] ?? NaN));
  }
  return total === null ? null : withGoneLowest(job, group, total);
}

/** Units whose weights are all gone already rank below the others. */
function withGoneLowest({ source }: PlanJob, group: UnitGroup, scores: Float64Array): Float64Array {
  const gone = new Float64Array(group.count);
  let perUnit = 0;
  for (const { pruned } of group.members) {
    const { layer, tensor } = pruned;
    const mask = source.goneMask?.(tensor) ?? null;
    const map = unitsOf(layer, { ...tensor, storageOrder: null }, group.side);
    if (mask === null || map === null) return scores;
    countMaskedInPlace(gone, mask, { elementCount: tensor.elementCount, inner: map.inner });
    perUnit += tensor.elementCount / group.count;
  }
  return scores.map((score, unit) => (gone[unit] === perUnit ? GONE_UNIT : score));
}

function plus(a: number, b: number): number {
  return a + b;
}

function assertOneAUnit(scores: Float64Array, name: string, count: number): void {
  if (scores.length === count) return;
  throw new Error(`${name} has ${scores.length} unit scores for ${count} units`);
}

/** The reduction of the scores of all weights of each unit. */
export async function reducedScores(job: PlanJob, group: UnitGroup): Promise<Float64Array> {
  const reduction = job.recipe.options?.reduction ?? 'sum';
  const accumulators = makeUnitAccumulators(group.count);
  const gone = makeUnitAccumulators(group.count);
  let perUnit = 0;
  for (const member of group.members) {
    await addMember(job, { member, reduction, side: group.side }, { accumulators, gone });
    perUnit += member.pruned.tensor.elementCount / group.count;
  }
  return accumulators.sums.map((sum, unit) => {
    if (gone.sums[unit] === perUnit) return GONE_UNIT;
    if (!Number.isFinite(sum)) return NaN;
    switch (reduction) {
      case 'sum':
        return sum;
      case 'mean':
        return sum / perUnit;
      case 'max':
        return accumulators.maxima[unit] ?? NaN;
      case 'l2':
        return Math.sqrt(accumulators.sumsOfSquares[unit] ?? NaN);
      case 'signed-sum':
        return Math.abs(sum);
    }
  });
}

interface MemberReduction {
  readonly member: UnitMember;
  readonly reduction: UnitReduction;
  readonly side: UnitGroup['side'];
}

async function addMember(
  { source, onChunk }: PlanJob,
  { member, reduction, side }: MemberReduction,
  {
    accumulators,
    gone,
  }: { readonly accumulators: UnitAccumulators; readonly gone: UnitAccumulators },
): Promise<void> {
  const { layer, tensor } = member.pruned;
  const [scored] = source.scoresOf([tensor]);
  if (scored === undefined) throw new Error(`${tensor.name} has no scores`);
  // Scores may come in C order, whatever the tensor's own.
  const inCOrder = scored.flatIndexOf === null && tensor.storageOrder !== null;
  const map = inCOrder ? unitsOf(layer, { ...tensor, storageOrder: null }, side) : member.map;
  if (map === null) throw new Error(`${tensor.name} has no units`);
  for await (const { firstElement, scores } of scored.chunks()) {
    const numbers = asNumbers(scores, source, reduction);
    const place = { firstElement, inner: map.inner };
    addUnitScoresInPlace(accumulators, numbers, place);
    if (source.isGone !== undefined) {
      addUnitScoresInPlace(gone, goneFlags(scores, source.isGone), place);
    }
    onChunk(scores.length);
  }
}

/**
 * As they are to be added: magnitudes, unless the criterion's own numbers, or the reduction, have signs. What is
 * gone already adds nothing.
 */
export function asNumbers(
  scores: Values,
  { signed, isGone }: ScoreSource,
  reduction: UnitReduction,
): Values {
  if (signed !== null) {
    const nothing = reduction === 'max' ? -LARGEST_FLOAT32 : 0;
    return scores.map((key) => (isGone?.(key) === true ? nothing : numberOfKey(key)));
  }
  const own = isGone === undefined ? scores : withKeptZeros(scores);
  return reduction === 'signed-sum' ? own : own.map(Math.abs);
}
