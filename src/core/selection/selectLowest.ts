import type { TensorEntry } from '../model/model';
import type { LayerTarget } from './allocation/layerTarget';
import { rankedThreshold, scoreOfRanked } from './rankedThreshold';
import type { ScoreSource } from './scoreSource';
import type { OnChunk, TensorSelection } from './selection';
import { selectSmallest } from './selectSmallest';
import { selectUpTo } from './selectUpTo';

/** What goes from one tensor. */
export interface LowestOfTensor extends TensorSelection {
  /** The largest of the ranked scores that goes (see {@link ScoreSource.scoresOf}); null where none does. */
  readonly threshold: number | null;
}

/** What goes by its score from tensors that are ranked together. */
export interface Lowest {
  /** The largest score of the criterion that goes; null where none does. */
  readonly threshold: number | null;
  /** In the order of the tensors given. */
  readonly tensors: readonly LowestOfTensor[];
}

/** The weights of the lowest scores over all these tensors: so many, or all up to a threshold. */
export async function selectLowest(
  source: ScoreSource,
  tensors: readonly TensorEntry[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<Lowest> {
  if (source.sharing !== null) return selectShared(source, tensors, target, onChunk);
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

/** First how many of each tensor go, then as many of each by its own ranking. */
async function selectShared(
  source: ScoreSource,
  tensors: readonly TensorEntry[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<Lowest> {
  const { counts, threshold } = await sharesOf(source, tensors, target, onChunk);
  const found: LowestOfTensor[] = [];
  for (const [i, tensor] of tensors.entries()) {
    const selection = await selectSmallest(source.scoresOf([tensor]), counts[i] ?? 0, onChunk);
    const [taken] = selection.tensors;
    if (taken === undefined) throw new Error('a selection left out its only tensor');
    found.push({ ...taken, threshold: selection.threshold });
  }
  return { threshold, tensors: found };
}

function sharesOf(
  { sharing }: ScoreSource,
  tensors: readonly TensorEntry[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<{ readonly counts: readonly number[]; readonly threshold: number | null }> {
  if (sharing === null) throw new Error('a source of scores without shares was asked for them');
  return target.kind === 'count'
    ? sharing.smallest(tensors, target.count, onChunk)
    : sharing.upTo(tensors, target.threshold, onChunk);
}
