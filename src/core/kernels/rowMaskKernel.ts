import { nthSmallestInPlace } from './rankKernels';

/** Rows of a tensor in C order: element i is of row floor(i / inner) modulo count. */
export interface RowMap {
  readonly inner: number;
  readonly count: number;
}

/** What goes from each row. */
export interface RowCut extends RowMap {
  /** Elements with the smallest scores, of equal ones the first. */
  readonly perRow: number;
}

/** How much a mask of rows takes. */
export interface RowTally {
  readonly flagged: number;
  /** The largest score that goes; null where nothing goes. */
  readonly threshold: number | null;
}

/**
 * Sets the bits (see TensorCut.mask) of the `perRow` smallest scores of each row. Scores that are not finite stay.
 * Cost: O(n) on average; space: one row.
 */
export function maskRowsInPlace(
  mask: Uint8Array,
  scores: Float32Array | Float64Array,
  { inner, count, perRow }: RowCut,
): RowTally {
  const length = scores.length / count;
  const row = new Float64Array(length);
  const places = new Float64Array(length);
  let flagged = 0;
  let threshold: number | null = null;
  for (let unit = 0; unit < count; unit++) {
    let found = 0;
    for (let start = unit * inner; start < scores.length; start += count * inner) {
      for (let i = start; i < start + inner; i++) {
        const score = Math.abs(scores[i]);
        if (!(score < Infinity)) continue;
        places[found] = i;
        row[found++] = score;
      }
    }
    const wanted = Math.min(perRow, found);
    if (wanted === 0) continue;
    const limit = nthSmallestInPlace(row.slice(0, found), wanted - 1);
    let ties = wanted;
    for (let i = 0; i < found; i++) if (row[i] < limit) ties--;
    for (let i = 0; i < found; i++) {
      if (row[i] > limit || (row[i] === limit && ties-- <= 0)) continue;
      mask[places[i] >>> 3] |= 1 << (places[i] & 7);
    }
    flagged += wanted;
    if (threshold === null || limit > threshold) threshold = limit;
  }
  return { flagged, threshold };
}
