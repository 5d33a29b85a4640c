import type { UnitAccumulators } from './unitReductionKernel';

/** Where the elements of an array lie among blocks: each axis adds its own part to the number of the block. */
export interface BlockPlaces {
  /** For each axis but the fastest, slowest first: what each index adds. */
  readonly outer: readonly Int32Array[];
  /** What each index of the fastest axis adds. */
  readonly fastest: Int32Array;
}

/** The number of the first block of a row: all axes but the fastest. */
function rowStart(row: number, { outer }: BlockPlaces): number {
  let rest = row;
  let start = 0;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const parts = outer[axis];
    start += parts[rest % parts.length];
    rest = Math.floor(rest / parts.length);
  }
  return start;
}

/** Adds a chunk of scores, in storage order, to those of their blocks. */
export function addBlockScoresInPlace(
  { sums, sumsOfSquares, maxima }: UnitAccumulators,
  scores: Float32Array | Float64Array,
  firstElement: number,
  places: BlockPlaces,
): void {
  const { fastest } = places;
  let row = Math.floor(firstElement / fastest.length);
  let column = firstElement % fastest.length;
  for (let i = 0; i < scores.length; row++, column = 0) {
    const start = rowStart(row, places);
    const end = Math.min(scores.length, i + fastest.length - column);
    for (; i < end; i++, column++) {
      const block = start + fastest[column];
      const score = scores[i];
      sums[block] += score;
      sumsOfSquares[block] += score * score;
      if (score > maxima[block]) maxima[block] = score;
    }
  }
}

/** Sets the bits of all elements whose block is flagged. The places are those of C order. */
export function maskBlocks(mask: Uint8Array, flags: Uint8Array, places: BlockPlaces): void {
  const { fastest, outer } = places;
  const rows = outer.reduce((product, parts) => product * parts.length, 1);
  for (let row = 0, index = 0; row < rows; row++) {
    const start = rowStart(row, places);
    for (let column = 0; column < fastest.length; column++, index++) {
      mask[index >>> 3] |= flags[start + fastest[column]] << (index & 7);
    }
  }
}
