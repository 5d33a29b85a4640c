import { appendMagnitudes, nthSmallestInPlace } from '../kernels/rankKernels';
import type { MagnitudeRange } from '../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../limits';
import type { ScoreTensor } from './scoreTensor';

/** 512 pieces of a page each: some ten milliseconds to read, whatever the file's size. */
const PIECE_COUNT = 512;
const PIECE_ELEMENTS = 1024;
/** Reads under way at once. */
const BATCH = 32;

/**
 * Five standard deviations of the rank of a quantile in a random sample of this size, at the worst
 * quantile. Pieces are no random sample, but they lie evenly over the file; where that is not enough
 * the caller sees it, and only time is lost.
 */
const MARGIN = (5 * 0.5) / Math.sqrt(PIECE_COUNT * PIECE_ELEMENTS);

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
  if (2 * MARGIN * total > EXPECTED_FILL * MAX_SELECTION_CANDIDATES) return null;
  const sample = await readSample(tensors, total);
  const share = k / total;
  const low = Math.floor((share - MARGIN) * sample.length);
  const high = Math.ceil((share + MARGIN) * sample.length);
  const range = {
    low: low < 0 ? 0 : nthSmallestInPlace(sample, low),
    high: high >= sample.length ? Infinity : nthSmallestInPlace(sample, high),
  };
  return range.low < range.high ? range : null;
}

/** Finite magnitudes from pieces spread evenly over the elements of all tensors. */
async function readSample(tensors: readonly ScoreTensor[], total: number): Promise<Float64Array> {
  const pieces = placePieces(tensors, total);
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

function placePieces(tensors: readonly ScoreTensor[], total: number): Piece[] {
  const step = total / PIECE_COUNT;
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
