import { countBelow, indicesEqualTo, nthSmallestInPlace } from '../kernels/rankKernels';
import type { Collected } from './collectCandidates';
import type { ScoreTensor } from './scoreTensor';
import type { Selection } from './selection';

/**
 * Takes the `rank` smallest candidates (counted from 1) and everything below them.
 * Cost: linear in the candidates, on average.
 */
export function rankCandidates(
  tensors: readonly ScoreTensor[],
  { candidates, below, ends, tallies }: Collected,
  rank: number,
): Selection {
  const { magnitudes, length } = candidates;
  const threshold = nthSmallestInPlace(magnitudes.slice(0, length), rank - 1);
  let tiesLeft = rank - countBelow(magnitudes, threshold, 0, length);
  const selected = tensors.map((scored, i) => {
    const [from, to] = [ends[i - 1] ?? 0, ends[i] ?? length];
    const tied = indicesEqualTo(magnitudes, threshold, from, to);
    const ties = flatIndices(
      tied.map((index) => candidates.storageIndices[index] ?? 0),
      scored,
    );
    const taken = Math.min(tiesLeft, ties.length);
    tiesLeft -= taken;
    return {
      selectedCount: (below[i] ?? 0) + countBelow(magnitudes, threshold, from, to) + taken,
      tieLimit: tieLimitOf(ties, taken, scored),
      ...(tallies[i] ?? { zeros: 0, nonFinite: 0 }),
    };
  });
  return { threshold, tensors: selected };
}

/** Storage indices, ascending, as flat indices, ascending. */
function flatIndices(storageIndices: number[], { flatIndexOf }: ScoreTensor): number[] {
  return flatIndexOf === null
    ? storageIndices
    : storageIndices.map(flatIndexOf).sort((a, b) => a - b);
}

/**
 * The flat index before which exactly `taken` of a tensor's tied elements lie.
 * @param ties their flat indices, ascending
 */
export function tieLimitOf(
  ties: readonly number[],
  taken: number,
  { tensor }: ScoreTensor,
): number {
  if (taken === 0) return 0;
  return taken === ties.length ? tensor.elementCount : (ties[taken - 1] ?? 0) + 1;
}
