/** A bin for each sign, exponent and 7 bits of mantissa of a float32: 0.8 % wide, 65,536 in all. */
export const BIT_BINS = 1 << 16;

/**
 * Counts values by the upper half of their float32 bits. NaN falls into bins of its own, above the
 * infinities, which are left out when read.
 * @returns how many of the values are zero, of either sign.
 */
export function addBitHistogramInPlace(
  bins: Uint32Array,
  values: Float32Array | Float64Array,
  scratch: Float32Array,
): number {
  if (values instanceof Float32Array) {
    return countBits(bins, new Int32Array(values.buffer, values.byteOffset, values.length));
  }
  const bits = new Int32Array(scratch.buffer, scratch.byteOffset, scratch.length);
  for (let start = 0; start < values.length; start += scratch.length) {
    const part = values.subarray(start, start + scratch.length);
    scratch.set(part);
    countBits(bins, bits.subarray(0, part.length));
  }
  return countZeros(values);
}

/** Zeros are told by their bits, without a branch: in a pruned model it could not be predicted. */
function countBits(bins: Uint32Array, bits: Int32Array): number {
  let zeros = 0;
  const end = bits.length & ~3;
  for (let i = 0; i < end; i += 4) {
    const a = bits[i];
    const b = bits[i + 1];
    const c = bits[i + 2];
    const d = bits[i + 3];
    bins[a >>> 16]++;
    bins[b >>> 16]++;
    bins[c >>> 16]++;
    bins[d >>> 16]++;
    zeros += (((a & 0x7fffffff) - 1) >>> 31) + (((b & 0x7fffffff) - 1) >>> 31);
    zeros += (((c & 0x7fffffff) - 1) >>> 31) + (((d & 0x7fffffff) - 1) >>> 31);
  }
  for (let i = end; i < bits.length; i++) {
    bins[bits[i] >>> 16]++;
    zeros += ((bits[i] & 0x7fffffff) - 1) >>> 31;
  }
  return zeros;
}

/** Rounded to float32, small float64 values would become zeros. */
function countZeros(values: Float64Array): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
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
