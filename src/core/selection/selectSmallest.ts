import type { MagnitudeRange } from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import { type Collected, collectCandidates, countBelowRange } from './collectCandidates';
import { narrowByRadix } from './narrowByRadix';
import { rankCandidates } from './rankCandidates';
import { sampleRange } from './sampleRange';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk, Selection } from './selection';
import { splitTies } from './splitTies';

/** Every finite score. */
const ALL: MagnitudeRange = { low: 0, high: Infinity };
/** No finite score: only zeros and what is not finite are counted. */
const NONE: MagnitudeRange = { low: Infinity, high: Infinity };

/**
 * The k smallest scores of a set of tensors, exactly; ties by (score, tensor order, flat index).
 * A sample tells a narrow range that nearly always holds the k-th smallest: one pass counts what lies
 * below it and collects what lies within, and the collected are ranked. Where the sample was wrong, or
 * too many scores are equal, radix selection on the bits of the scores narrows the range, 16 bits a
 * pass, until its members can be collected or are all equal.
 * Space: at most 2^20 candidates and 65,536 counts; never the scores themselves.
 * NaN and infinite scores are never taken, so fewer than k may be.
 */
export async function selectSmallest(
  tensors: readonly ScoreTensor[],
  k: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const range = await guessRange(tensors, k);
  if (range !== null) {
    const collected = await collectCandidates(tensors, range, onChunk);
    const wanted = Math.min(k, finiteCount(tensors, collected));
    const rank = wanted - countBelowRange(collected);
    if (wanted <= 0) return nothing(collected);
    if (!collected.overflowed && rank >= 1 && rank <= collected.candidates.length) {
      return rankCandidates(tensors, collected, rank);
    }
  }
  return selectByRadix(tensors, k, onChunk);
}

async function guessRange(
  tensors: readonly ScoreTensor[],
  k: number,
): Promise<MagnitudeRange | null> {
  const total = tensors.reduce((sum, { tensor }) => sum + tensor.elementCount, 0);
  if (k <= 0) return NONE;
  return total <= MAX_SELECTION_CANDIDATES ? ALL : sampleRange(tensors, { total, k });
}

async function selectByRadix(
  tensors: readonly ScoreTensor[],
  k: number,
  onChunk: OnChunk,
): Promise<Selection> {
  const narrowed = await narrowByRadix(tensors, k, onChunk);
  if (narrowed.kind === 'equal') return splitTies(tensors, narrowed, onChunk);
  const collected = await collectCandidates(tensors, narrowed.range, onChunk);
  return narrowed.rank <= 0
    ? nothing(collected)
    : rankCandidates(tensors, collected, narrowed.rank);
}

function finiteCount(tensors: readonly ScoreTensor[], collected: Collected): number {
  return tensors.reduce(
    (sum, { tensor }, i) => sum + tensor.elementCount - (collected.tallies[i]?.nonFinite ?? 0),
    0,
  );
}

function nothing({ tallies }: Collected): Selection {
  const tensors = tallies.map((tally) => ({ selectedCount: 0, tieLimit: 0, ...tally }));
  return { threshold: null, tensors };
}
