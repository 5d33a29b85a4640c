import { appendMagnitudes, nthSmallestInPlace } from '../kernels/rankKernels';
import type { MagnitudeRange } from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import type { ScoreTensor } from './scoreTensor';

/** Of a page each. At most 512 of them: some ten milliseconds to read, whatever the file's size. */
const PIECE_ELEMENTS = 1024;
const MIN_PIECES = 64;
const MAX_PIECES = 512;
/** A small tensor is read about as fast as a large sample of it. */
const ELEMENTS_PER_SAMPLED = 64;
/** Reads under way at once. */
const BATCH = 32;

/**
 * Five standard deviations of the rank of a quantile in a random sample of this size, at the worst
 * quantile. Pieces are no random sample, but they lie evenly over the file; where that is not enough
 * the caller sees it, and only time is lost.
 */
function marginOf(pieceCount: number): number {
  return (5 * 0.5) / Math.sqrt(pieceCount * PIECE_ELEMENTS);
}

function pieceCountFor(total: number): number {
  const wanted = Math.ceil(total / ELEMENTS_PER_SAMPLED / PIECE_ELEMENTS);
  return Math.min(MAX_PIECES, Math.max(MIN_PIECES, wanted));
}

/** Filled to the brim a range would too often hold too many. */
const EXPECTED_FILL = 0.8;

/**
 * A range of magnitudes that probably holds the k-th smallest score, and not more than can be
 * collected; null where a sample cannot tell one.
 */
export async function sampleRange(
  tensors: readonly ScoreTensor[],
  { total, k }: { readonly total: number; readonly k: number },
): Promise<MagnitudeRange | null> {
  const pieceCount = pieceCountFor(total);
  const margin = marginOf(pieceCount);
  if (2 * margin * total > EXPECTED_FILL * MAX_SELECTION_CANDIDATES) return null;
  const sample = await readSample(tensors, total / pieceCount);
  const share = k / total;
  const low = Math.floor((share - margin) * sample.length);
  const high = Math.ceil((share + margin) * sample.length);
  const range = {
    low: low < 0 ? 0 : nthSmallestInPlace(sample, low),
    high: high >= sample.length ? Infinity : nthSmallestInPlace(sample, high),
  };
  return range.low < range.high ? range : null;
}

/** Finite magnitudes from pieces spread evenly over the elements of all tensors, one every `step` elements. */
async function readSample(tensors: readonly ScoreTensor[], step: number): Promise<Float64Array> {
  const pieces = placePieces(tensors, step);
  const magnitudes = new Float64Array(pieces.length * PIECE_ELEMENTS);
  let length = 0;
  for (let first = 0; first < pieces.length; first += BATCH) {
    const batch = pieces.slice(first, first + BATCH);
    const read = batch.map(({ scored, firstElement, count }) => scored.read(firstElement, count));
    for (const scores of await Promise.all(read)) {
      length = appendMagnitudes(magnitudes, length, scores);
    }
  }
  return magnitudes.subarray(0, length);
}

interface Piece {
  readonly scored: ScoreTensor;
  readonly firstElement: number;
  readonly count: number;
}

function placePieces(tensors: readonly ScoreTensor[], step: number): Piece[] {
  const pieces: Piece[] = [];
  let before = 0;
  for (const scored of tensors) {
    const { elementCount } = scored.tensor;
    for (let place = pieces.length * step; place < before + elementCount; place += step) {
      const firstElement = Math.floor(Math.max(0, place - before));
      const count = Math.min(PIECE_ELEMENTS, elementCount - firstElement);
      pieces.push({ scored, firstElement, count });
    }
    before += elementCount;
  }
  return pieces;
}
