/**
 * The 256 values of float8 E4M3FN: bias 7, no infinities, NaN is S.1111.111.
 * Source: Micikevicius et al. 2022, "FP8 Formats for Deep Learning", table 1.
 */
export const float8E4m3fnValues: Float32Array = makeValues(4, 7, (exponent, mantissa) =>
  exponent === 15 && mantissa === 7 ? NaN : null,
);

/** The 256 values of float8 E5M2: bias 15, infinities and NaN as in IEEE 754. Source: as above. */
export const float8E5m2Values: Float32Array = makeValues(5, 15, (exponent, mantissa) => {
  if (exponent !== 31) return null;
  return mantissa === 0 ? Infinity : NaN;
});

type Special = (exponent: number, mantissa: number) => number | null;

function makeValues(exponentBits: number, bias: number, special: Special): Float32Array {
  const mantissaBits = 7 - exponentBits;
  const steps = 1 << mantissaBits;
  const values = new Float32Array(256);
  for (let bits = 0; bits < 256; bits++) {
    const sign = bits & 0x80 ? -1 : 1;
    const exponent = (bits >>> mantissaBits) & ((1 << exponentBits) - 1);
    const mantissa = bits & (steps - 1);
    const normal = (1 + mantissa / steps) * 2 ** (exponent - bias);
    const subnormal = (mantissa / steps) * 2 ** (1 - bias);
    values[bits] = sign * (special(exponent, mantissa) ?? (exponent === 0 ? subnormal : normal));
  }
  return values;
}
