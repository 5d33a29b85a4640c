import { CRITERION_TRAITS } from '../../criteria/criterion';
import { isPooled } from '../ownTarget';
import type { PlanJob } from '../planJob';
import { elementsOf, type PrunedTensor } from '../prunableTensors';
import { roundHalfEven } from '../roundHalfEven';
import { BIN_COUNT, binCounts, countUpTo } from '../targets/binnedCounts';
import { lowestWhere } from '../targets/lowestWhere';
import { mostOf } from './layerMaximum';

/** Whether single weights of all tensors are ranked together by one score, so that {@link surelyAbove} knows them. */
export function isOnePool(job: PlanJob, tensors: readonly PrunedTensor[]): boolean {
  const { recipe, source, targets } = job;
  const isPlain = recipe.granularity === 'weight' && isPooled(job) && recipe.sparsity !== undefined;
  if (!isPlain || source.sharing !== null || (targets?.size ?? 0) > 0) return false;
  if (CRITERION_TRAITS[recipe.criterion].comparedPer === 'row') return false;
  return tensors.every(({ setting: { sparsity, threshold, granularity } }) =>
    [sparsity, threshold, granularity].every((one) => one === undefined),
  );
}

/**
 * The tensors that lose more than the recipe's maximum once all those above it are held there and the others give
 * what they do not: as far as bins of scores tell it, which leaves out only what the bin of the threshold itself
 * decides. One pass, however often the threshold rises.
 */
export async function surelyAbove(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
): Promise<ReadonlySet<PrunedTensor>> {
  const { recipe, source, onChunk } = job;
  const scores = source.scoresOf(tensors.map(({ tensor }) => tensor));
  const bins = await binCounts(scores, onChunk);
  const above = new Set<PrunedTensor>();
  const wanted = roundHalfEven((recipe.sparsity ?? 0) * elementsOf(tensors));
  for (;;) {
    const open = tensors.flatMap((one, i) => {
      const counts = bins[i];
      return above.has(one) || counts === undefined ? [] : [{ one, counts }];
    });
    const held = [...above].reduce((sum, one) => sum + mostOf(recipe, one), 0);
    const goneBy = (bin: number): number =>
      open.reduce((sum, { counts }) => sum + countUpTo(counts, bin), 0);
    const bin = lowestWhere(BIN_COUNT, (at) => goneBy(at) >= wanted - held);
    // All below the threshold's bin go.
    const more = open.filter(({ one, counts }) => countUpTo(counts, bin - 1) > mostOf(recipe, one));
    if (more.length === 0) return above;
    for (const { one } of more) above.add(one);
  }
}
