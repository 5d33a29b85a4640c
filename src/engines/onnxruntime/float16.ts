const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * The bits of the float16 nearest to each value, ties to even; beyond the range infinity.
 * Source: IEEE 754-2008, binary16.
 */
export function encodeFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, float16Bits);
}

function float16Bits(value: number): number {
  single[0] = value;
  const bits = singleBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  // From 65520 on, halfway between the largest float16 and the next power of two.
  if (size >= 0x477ff000) return sign | 0x7c00;
  return sign | (size < 0x38800000 ? subnormalBits(size) : roundedBits(size - 0x38000000, 13));
}

/** Below 2^-14 the fraction is counted in units of 2^-24; 2^-25 itself is a tie with zero. */
function subnormalBits(size: number): number {
  const exponent = size >>> 23;
  const shift = 126 - exponent;
  return shift > 24 ? 0 : roundedBits((size & 0x7fffff) | 0x800000, shift);
}

/** `bits / 2^shift`, rounded to the nearest integer, ties to even. */
function roundedBits(bits: number, shift: number): number {
  const kept = bits >>> shift;
  const rest = bits & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
