import { countRangeInPlace, tallyInPlace } from '../kernels/selectionKernels';
import { nextAbove } from './nextNumber';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk, Selection, TensorSelection } from './selection';

/** All scores of at most `threshold`: one pass. */
export async function selectUpTo(
  tensors: readonly ScoreTensor[],
  threshold: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const range = { low: threshold, high: nextAbove(threshold, true) };
  const selected: TensorSelection[] = [];
  for (const scored of tensors) {
    const tally = { zeros: 0, nonFinite: 0 };
    const count = { below: 0, within: 0 };
    for await (const { scores } of scored.chunks()) {
      tallyInPlace(tally, scores);
      countRangeInPlace(count, scores, range);
      onChunk(scores.length);
    }
    const tieLimit = scored.tensor.elementCount;
    selected.push({ selectedCount: count.below + count.within, tieLimit, ...tally });
  }
  return { threshold, tensors: selected };
}
