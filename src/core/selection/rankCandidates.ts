import type { Collected } from './collectCandidates';
import type { ScoreTensor } from './scoreTensor';
import type { Selection } from './selection';

/**
 * Takes the `rank` smallest candidates (counted from 1) and everything below them.
 * Cost: one sort of the candidates.
 */
export function rankCandidates(
  tensors: readonly ScoreTensor[],
  { candidates, below, ends, tallies }: Collected,
  rank: number,
): Selection {
  const magnitudes = candidates.magnitudes.subarray(0, candidates.length);
  const threshold = Float64Array.from(magnitudes).sort()[rank - 1] ?? 0;
  let tiesLeft = rank - countBelow(magnitudes, threshold);
  const selected = tensors.map((scored, i) => {
    const [from, to] = [ends[i - 1] ?? 0, ends[i]];
    const part = magnitudes.subarray(from, to);
    const places = candidates.storageIndices.subarray(from, to);
    const ties = tiedFlatIndices(part, places, threshold, scored);
    const taken = Math.min(tiesLeft, ties.length);
    tiesLeft -= taken;
    return {
      selectedCount: (below[i] ?? 0) + countBelow(part, threshold) + taken,
      tieLimit: tieLimitOf(ties, taken, scored),
      ...(tallies[i] ?? { zeros: 0, nonFinite: 0 }),
    };
  });
  return { threshold, tensors: selected };
}

function countBelow(values: Float64Array, threshold: number): number {
  let count = 0;
  for (const value of values) if (value < threshold) count++;
  return count;
}

/** The flat indices of a tensor's candidates that equal the threshold, ascending. */
function tiedFlatIndices(
  magnitudes: Float64Array,
  storageIndices: Float64Array,
  threshold: number,
  { flatIndexOf }: ScoreTensor,
): number[] {
  const indices: number[] = [];
  for (const [i, magnitude] of magnitudes.entries()) {
    if (magnitude !== threshold) continue;
    const storageIndex = storageIndices[i] ?? 0;
    indices.push(flatIndexOf === null ? storageIndex : flatIndexOf(storageIndex));
  }
  return flatIndexOf === null ? indices : indices.sort((a, b) => a - b);
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
