const bitsScratch = new Uint32Array(1);
const valueScratch = new Float32Array(bitsScratch.buffer);

/** The bit pattern of a non-negative number as a float32. */
export function float32Bits(value: number): number {
  valueScratch[0] = value;
  return bitsScratch[0];
}

/** The float32 with this bit pattern. */
export function float32FromBits(bits: number): number {
  bitsScratch[0] = bits;
  return valueScratch[0];
}
