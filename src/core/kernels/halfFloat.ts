/** All 65,536 float16 values, made once; a lookup is faster than shifting bits for each element. */
let float16Values: Float32Array | null = null;

/** Float32 values of float16 bit patterns (IEEE 754-2008 binary16); exact. */
export function decodeFloat16(bits: Uint16Array, target: Float32Array): void {
  const values = (float16Values ??= makeFloat16Values());
  for (let i = 0; i < bits.length; i++) target[i] = values[bits[i]];
}

function makeFloat16Values(): Float32Array {
  const values = new Float32Array(1 << 16);
  for (let bits = 0; bits < values.length; bits++) values[bits] = float16Value(bits);
  return values;
}

function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Float32 values of bfloat16 bit patterns: the upper half of a float32; exact. */
export function decodeBfloat16(bits: Uint16Array, target: Float32Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
}
