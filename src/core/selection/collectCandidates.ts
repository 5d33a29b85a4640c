import {
  type Candidates,
  collectRange,
  type MagnitudeRange,
  type Tally,
} from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import type { ScoreTensor } from './scoreTensor';
import { emptyTallies, type OnChunk } from './selection';

/** The scores within a range, with their places, and the counts of the others. */
export interface Collected {
  readonly candidates: Candidates;
  /** More lay within the range than are held: the candidates are not all. */
  readonly overflowed: boolean;
  /** For each tensor: scores below the range, where its candidates end, zeros and not finite. */
  readonly below: readonly number[];
  readonly ends: readonly number[];
  readonly tallies: readonly Tally[];
}

/**
 * One pass over all tensors.
 * @param mostWithin where it is known how many lie within the range
 */
export async function collectCandidates(
  tensors: readonly ScoreTensor[],
  range: MagnitudeRange,
  onChunk: OnChunk,
  mostWithin = MAX_SELECTION_CANDIDATES,
): Promise<Collected> {
  const total = tensors.reduce((sum, { tensor }) => sum + tensor.elementCount, 0);
  const capacity = Math.min(total, mostWithin);
  const candidates: Candidates = {
    magnitudes: new Float64Array(capacity),
    storageIndices: new Float64Array(capacity),
    length: 0,
  };
  const tallies = emptyTallies(tensors);
  const below: number[] = [];
  const ends: number[] = [];
  for (const [index, scored] of tensors.entries()) {
    let belowHere = 0;
    for await (const { firstElement, scores } of scored.chunks()) {
      const place = { firstElement, tally: tallies[index] ?? { zeros: 0, nonFinite: 0 } };
      belowHere += collectRange(scores, range, candidates, place);
      onChunk(scores.length);
    }
    below.push(belowHere);
    ends.push(candidates.length);
  }
  return { candidates, overflowed: candidates.length > capacity, below, ends, tallies };
}

/** How many scores of all tensors lie below the range. */
export function countBelowRange({ below }: Collected): number {
  return below.reduce((sum, count) => sum + count, 0);
}
