import { maskBlocks } from '../kernels/blockKernels';
import { maskByteLength } from '../kernels/maskKernels';
import { blockPlaces, blockShape, type BlockShape, type BlockSize } from './blockShape';
import { blockScores, scoresInMemory } from './blockScores';
import { hasOwnTarget, isPooled, ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { rankedThreshold, scoreOfRanked } from './rankedThreshold';
import { roundHalfEven } from './roundHalfEven';
import type { ScoreTensor } from './scoreTensor';
import { selectedNothing, type SelectedCut, type SelectionResult } from './selected';
import type { Selection, TensorSelection } from './selection';
import { selectSmallest } from './selectSmallest';
import { selectUpTo } from './selectUpTo';

/** A tensor with its blocks and what they score. */
interface BlockedTensor {
  readonly pruned: PrunedTensor;
  readonly shape: BlockShape;
  readonly scores: Float64Array;
  /** The same, as a selection streams them. */
  readonly scored: ScoreTensor;
}

/**
 * Whole blocks of weights by their scores. The number that goes is the share times the blocks, rounded half to
 * even, of each layer or of all together; where a layer's last blocks are smaller, the share of weights may
 * differ by these. Ties by (score, layer order, block number).
 */
export async function selectBlocks(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  { size, pooled }: { readonly size: BlockSize; readonly pooled: boolean },
): Promise<SelectionResult> {
  const warnings: string[] = [];
  const blocked: BlockedTensor[] = [];
  const selected = new Map<PrunedTensor, SelectedCut>();
  for (const pruned of tensors) {
    const shape = blockShape(pruned, size);
    if (shape === null) {
      warnings.push(`${pruned.layer.name}: stays dense, the axes of its weight are not known`);
      selected.set(pruned, selectedNothing(pruned));
      continue;
    }
    const scores = await blockScores(job, pruned.tensor, shape);
    blocked.push({ pruned, shape, scores, scored: scoresInMemory(pruned.tensor, scores) });
  }
  const { cuts, globalThreshold } = await cutBlocks(job, blocked, pooled && isPooled(job));
  for (const cut of cuts) selected.set(cut.pruned, cut);
  return {
    selected: tensors.flatMap((pruned) => selected.get(pruned) ?? []),
    globalThreshold,
    shortBy: 0,
    warnings,
  };
}

async function cutBlocks(
  job: PlanJob,
  blocked: readonly BlockedTensor[],
  pooled: boolean,
): Promise<{ readonly cuts: readonly SelectedCut[]; readonly globalThreshold: number | null }> {
  const alone = blocked.filter(({ pruned }) => !pooled || hasOwnTarget(job, pruned));
  const cuts: SelectedCut[] = [];
  let given = 0;
  for (const one of alone) {
    const selection = await selectAlone(job, one);
    given += selection.tensors[0]?.selectedCount ?? 0;
    cuts.push(...cutsOf(job, [one], selection));
  }
  const pool = blocked.filter((one) => !alone.includes(one));
  if (pool.length === 0) return { cuts, globalThreshold: null };
  const total = blocked.reduce((sum, { shape }) => sum + shape.count, 0);
  const wanted = Math.max(0, roundHalfEven((job.recipe.sparsity ?? 0) * total) - given);
  const scores = pool.map(({ scored }) => scored);
  const selection = await selectSmallest(scores, wanted, job.onChunk);
  return {
    cuts: [...cuts, ...cutsOf(job, pool, selection)],
    globalThreshold: scoreOfRanked(job.source, selection.threshold),
  };
}

async function selectAlone(
  job: PlanJob,
  { pruned, shape, scored }: BlockedTensor,
): Promise<Selection> {
  const target = ownTarget(job, pruned);
  return target.kind === 'threshold'
    ? selectUpTo([scored], rankedThreshold(job.source, target.threshold), job.onChunk)
    : selectSmallest([scored], roundHalfEven(target.share * shape.count), job.onChunk);
}

function cutsOf(
  { source }: PlanJob,
  blocked: readonly BlockedTensor[],
  selection: Selection,
): SelectedCut[] {
  return blocked.flatMap((one, i) => {
    const taken = selection.tensors[i];
    return taken === undefined ? [] : [shown(source, cutOf(one, taken, selection.threshold))];
  });
}

/** With the threshold as the criterion's score. */
function shown(source: PlanJob['source'], selected: SelectedCut): SelectedCut {
  return { ...selected, threshold: scoreOfRanked(source, selected.threshold) };
}

function cutOf(
  { pruned, shape, scores }: BlockedTensor,
  { tieLimit, selectedCount: blocks }: TensorSelection,
  threshold: number | null,
): SelectedCut {
  const none = selectedNothing(pruned);
  if (blocks === 0 || threshold === null) return none;
  const flags = new Uint8Array(shape.count);
  let selectedCount = 0;
  for (const [block, score] of scores.entries()) {
    if (!(score < threshold || (score === threshold && block < tieLimit))) continue;
    flags[block] = 1;
    selectedCount += shape.sizeOf(block);
  }
  const mask = new Uint8Array(maskByteLength(pruned.tensor.elementCount));
  maskBlocks(mask, flags, blockPlaces(shape, null));
  return { ...none, threshold, selectedCount, cut: { ...none.cut, threshold, mask } };
}
