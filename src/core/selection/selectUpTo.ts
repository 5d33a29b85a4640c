import { countRangeInPlace, tallyInPlace } from '../kernels/selectionKernels';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk, Selection, TensorSelection } from './selection';

/** All scores of at most `threshold`: one pass. */
export async function selectUpTo(
  tensors: readonly ScoreTensor[],
  threshold: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const range = { low: threshold, high: nextAbove(threshold) };
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

/** The smallest float64 above a non-negative number. */
function nextAbove(value: number): number {
  if (!Number.isFinite(value)) return Infinity;
  const bits = new BigUint64Array(1);
  const view = new Float64Array(bits.buffer);
  // Zero itself, whichever its sign: the pattern of -0 would step away from it.
  view[0] = value === 0 ? 0 : value;
  bits[0] = (bits[0] ?? 0n) + 1n;
  return view[0];
}
