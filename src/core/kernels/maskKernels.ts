/** What goes in one chunk of scores. */
export interface MaskCut {
  /** The flat index of the chunk's first score. */
  readonly firstElement: number;
  /** Scores below this go. */
  readonly threshold: number;
  /** Scores equal to it go while their flat index is below this. */
  readonly tieLimit: number;
}

/** Bytes of a mask of this many bits. */
export function maskByteLength(elementCount: number): number {
  return Math.ceil(elementCount / 8);
}

/** Sets the bits of the elements that go: bit i % 8 of byte floor(i / 8) is flat index i. NaN stays. */
export function setMaskBits(
  mask: Uint8Array,
  scores: Float32Array | Float64Array,
  { firstElement, threshold, tieLimit }: MaskCut,
): void {
  for (let i = 0; i < scores.length; i++) {
    const score = Math.abs(scores[i]);
    const index = firstElement + i;
    if (score < threshold || (score === threshold && index < tieLimit)) {
      mask[index >>> 3] |= 1 << (index & 7);
    }
  }
}

/** Counts of a tensor's weights under a mask. */
export interface MaskTally {
  zeros: number;
  nonFinite: number;
  /** Zero already, or masked. */
  zerosAfter: number;
}

/**
 * Adds a chunk of weights to the tally; the bits of weights that are not finite are cleared, for they are
 * never pruned.
 */
export function tallyMaskInPlace(
  tally: MaskTally,
  mask: Uint8Array,
  weights: Float32Array | Float64Array,
  flatIndexOf: (i: number) => number,
): void {
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    const index = flatIndexOf(i);
    const bit = 1 << (index & 7);
    if (magnitude === 0) tally.zeros++;
    if (!(magnitude <= Number.MAX_VALUE)) {
      tally.nonFinite++;
      mask[index >>> 3] &= ~bit;
    } else if (magnitude === 0 || mask[index >>> 3] & bit) tally.zerosAfter++;
  }
}
