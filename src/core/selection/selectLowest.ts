import type { TensorEntry } from '../model/model';
import type { LayerTarget } from './allocation/layerTarget';
import { rankedThreshold, scoreOfRanked } from './rankedThreshold';
import type { ScoreSource } from './scoreSource';
import type { Lowest, OnChunk } from './selection';
import { selectSmallest } from './selectSmallest';
import { selectUpTo } from './selectUpTo';

/** The weights of the lowest scores over all these tensors: so many, or all up to a threshold. */
export async function selectLowest(
  source: ScoreSource,
  tensors: readonly TensorEntry[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<Lowest> {
  if (source.sharing !== null) return source.sharing.lowest(tensors, target, onChunk);
  const scores = source.scoresOf(tensors);
  const { threshold, tensors: taken } =
    target.kind === 'count'
      ? await selectSmallest(scores, target.count, onChunk)
      : await selectUpTo(scores, rankedThreshold(source, target.threshold), onChunk);
  return {
    threshold: scoreOfRanked(source, threshold),
    tensors: taken.map((one) => ({ ...one, threshold })),
  };
}
