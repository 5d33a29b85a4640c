import type { LayerTarget } from './allocation/layerTarget';
import { hasOwnTarget, isPooled, ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { roundHalfEven } from './roundHalfEven';
import type { ScoreSource } from './scoreSource';
import type { SelectedByScore, SelectionResult } from './selected';
import { selectLowest } from './selectLowest';

/** How many weights go from all tensors of a pool. */
export interface WeightPool {
  /** Tensors without a target of their own are ranked together. */
  readonly pooled: boolean;
  /** Weights that the target counts: these tensors' and those that go together in others. */
  readonly elementCount: number;
  /** What the others lose already. */
  readonly given: number;
}

/**
 * Single weights by their scores: the lowest of each tensor, or of all together. In global scope what tensors
 * with a target of their own lose counts towards it.
 */
export async function selectWeights(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  pool: WeightPool,
): Promise<SelectionResult> {
  const pooled = pool.pooled && isPooled(job);
  const found = new Map<PrunedTensor, SelectedByScore>();
  for (const one of tensors) {
    if (!pooled || hasOwnTarget(job, one)) found.set(one, await selectAlone(job, one));
  }
  const together = tensors.filter((one) => !found.has(one));
  const wanted = roundHalfEven((job.recipe.sparsity ?? 0) * pool.elementCount);
  const given = pool.given + takenBy(found.values());
  const { selected, threshold } = await selectPool(job, together, Math.max(0, wanted - given));
  for (const one of selected) found.set(one.pruned, one);
  const taken = pool.given + takenBy(found.values());
  return {
    selected: tensors.flatMap((one) => found.get(one) ?? []),
    globalThreshold: threshold,
    shortBy: pooled ? Math.max(0, wanted - taken) : 0,
    warnings: [],
  };
}

function takenBy(selected: Iterable<SelectedByScore>): number {
  return [...selected].reduce((sum, { selectedCount }) => sum + selectedCount, 0);
}

async function selectAlone(job: PlanJob, one: PrunedTensor): Promise<SelectedByScore> {
  const { source, onChunk } = job;
  const target = weightTarget(job, one);
  const known =
    target.kind === 'count' && isPlainMagnitude(source) ? target.byMagnitude : undefined;
  if (known !== undefined) {
    return { kind: 'score', pruned: one, scoreThreshold: known.threshold, ...known };
  }
  const lowest = await selectLowest(source, [one.tensor], target, onChunk);
  const [taken] = lowest.tensors;
  if (taken === undefined) throw new Error('a selection left out its only tensor');
  return { kind: 'score', pruned: one, scoreThreshold: lowest.threshold, ...taken };
}

function isPlainMagnitude({ byMagnitude, sharing }: ScoreSource): boolean {
  return byMagnitude && sharing === null;
}

/** A count that the allocation settled is taken as it is: as a share it could be off by rounding. */
function weightTarget(job: PlanJob, one: PrunedTensor): LayerTarget {
  const settled = job.targets?.get(one.tensor.name);
  if (settled !== undefined) return settled;
  const target = ownTarget(job, one);
  return target.kind === 'threshold'
    ? target
    : { kind: 'count', count: roundHalfEven(target.share * one.tensor.elementCount) };
}

async function selectPool(
  { source, onChunk }: PlanJob,
  pool: readonly PrunedTensor[],
  k: number,
): Promise<{ readonly selected: readonly SelectedByScore[]; readonly threshold: number | null }> {
  if (pool.length === 0) return { selected: [], threshold: null };
  const tensors = pool.map(({ tensor }) => tensor);
  const lowest = await selectLowest(source, tensors, { kind: 'count', count: k }, onChunk);
  const { threshold } = lowest;
  const selected = pool.flatMap((pruned, i): SelectedByScore[] => {
    const taken = lowest.tensors[i];
    return taken === undefined
      ? []
      : [{ kind: 'score', pruned, scoreThreshold: threshold, ...taken }];
  });
  return { selected, threshold };
}
