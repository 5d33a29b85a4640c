/** target[i] = table[codes[i]]. */
export function lookUp(codes: Uint8Array, table: Float32Array, target: Float32Array): void {
  for (let i = 0; i < codes.length; i++) target[i] = table[codes[i]];
}

/** target[i] = float32(codes[i] * scale + min), the sum taken in float64 as TensorFlow.js does. */
export function dequantize(
  codes: Uint8Array | Uint16Array,
  affine: { readonly scale: number; readonly min: number },
  target: Float32Array,
): void {
  const { scale, min } = affine;
  for (let i = 0; i < codes.length; i++) target[i] = codes[i] * scale + min;
}

/** target[i] = source[i] as a float64; 64-bit integers beyond 2^53 are rounded to the nearest. */
export function widen(
  source: ArrayLike<number> | BigInt64Array | BigUint64Array,
  target: Float64Array,
): void {
  for (let i = 0; i < source.length; i++) target[i] = Number(source[i]);
}
