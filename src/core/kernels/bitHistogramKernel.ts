/** A bin for each sign, exponent and 7 bits of mantissa of a float32: 0.8 % wide, 65,536 in all. */
export const BIT_BINS = 1 << 16;

/**
 * Counts values by the upper half of their float32 bits. Not for NaN's sake: those fall into bins of
 * their own, at and above the infinities, and are left out when read.
 */
export function addBitHistogramInPlace(
  bins: Uint32Array,
  values: Float32Array | Float64Array,
  scratch: Float32Array,
): void {
  if (values instanceof Float32Array) {
    countBits(bins, new Uint32Array(values.buffer, values.byteOffset, values.length));
    return;
  }
  const bits = new Uint32Array(scratch.buffer, scratch.byteOffset, scratch.length);
  for (let start = 0; start < values.length; start += scratch.length) {
    const part = values.subarray(start, start + scratch.length);
    scratch.set(part);
    countBits(bins, bits.subarray(0, part.length));
  }
}

function countBits(bins: Uint32Array, bits: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) bins[bits[i] >>> 16]++;
}

/** The smallest magnitude of a magnitude bin 0 to 32,767: both signs share it. */
export function binMagnitude(bin: number): number {
  scratchBits[0] = bin << 16;
  return scratchValue[0];
}

const scratchBits = new Uint32Array(1);
const scratchValue = new Float32Array(scratchBits.buffer);

/** Exact counts of values in equal bins from `min` to `max`; the last bin includes its upper edge. */
export function countEqualBins(
  values: Float32Array | Float64Array,
  counts: Uint32Array,
  range: { readonly min: number; readonly max: number },
): void {
  const { min, max } = range;
  const last = counts.length - 1;
  const scale = max > min ? counts.length / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value >= min && value <= max) counts[Math.min(last, Math.floor((value - min) * scale))]++;
  }
}
