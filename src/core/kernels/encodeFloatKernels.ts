/** A binary float type of at most 32 bits. */
export interface FloatFormat {
  readonly mantissaBits: number;
  /** Of the smallest normal number. */
  readonly minExponent: number;
  /** The largest finite number: what is beyond it becomes it. */
  readonly largest: number;
}

const float64View = new Float64Array(1);
const wordsView = new Uint32Array(float64View.buffer);
/** Which half of a float64 holds its exponent on this machine. */
const UPPER_WORD = upperWord();

function upperWord(): number {
  float64View[0] = 1;
  return wordsView[1] === 0 ? 0 : 1;
}

/** target[i] = values[i] rounded to the nearest number of the format, halfway to the even one (IEEE 754-2019, 4.3.1). */
export function roundToFormat(
  values: Float64Array,
  { mantissaBits, minExponent, largest }: FloatFormat,
  target: Float64Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    float64View[0] = value;
    const exponent = ((wordsView[UPPER_WORD] >>> 20) & 0x7ff) - 1023;
    const step = 2 ** (Math.max(exponent, minExponent) - mantissaBits);
    const rounded = roundHalfToEven(value / step) * step;
    target[i] = Math.max(-largest, Math.min(largest, rounded));
  }
}

/** Adding 1.5 * 2^52 leaves no room for a fraction; float64 itself rounds it half to even. */
function roundHalfToEven(value: number): number {
  const shift = 6755399441055744;
  return value + shift - shift;
}

/** The float16 bits of numbers that are exact in it (IEEE 754-2008 binary16). */
export function encodeFloat16(values: Float64Array, target: Uint16Array): void {
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    const sign = values[i] < 0 ? 0x8000 : 0;
    float64View[0] = magnitude;
    const exponent = ((wordsView[UPPER_WORD] >>> 20) & 0x7ff) - 1023;
    if (exponent < -14) target[i] = sign | (magnitude * 2 ** 24);
    else target[i] = sign | ((exponent + 15) << 10) | (magnitude * 2 ** (10 - exponent) - 1024);
  }
}

/** The bfloat16 bits of numbers that are exact in it: the upper half of their float32. */
export function encodeBfloat16(values: Float64Array, target: Uint16Array): void {
  const single = Float32Array.from(values);
  const bits = new Uint32Array(single.buffer);
  for (let i = 0; i < bits.length; i++) target[i] = bits[i] >>> 16;
}

/**
 * The codes of numbers in a float type of eight bits: the nearest value of its table, of two equally near ones the
 * one with the even code. The sign is the upper bit; the codes of the numbers from 0 up ascend.
 * @param magnitudes the finite values from code 0 on
 */
export function encodeFloat8(
  values: Float64Array,
  magnitudes: Float64Array,
  target: Uint8Array,
): void {
  const last = magnitudes.length - 1;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (magnitudes[middle] <= magnitude) low = middle;
      else high = middle - 1;
    }
    const above = Math.min(low + 1, last);
    const [down, up] = [magnitude - magnitudes[low], magnitudes[above] - magnitude];
    const code = up < down || (up === down && above % 2 === 0) ? above : low;
    // Some types have no minus zero: its code is their NaN.
    target[i] = code === 0 || values[i] > 0 ? code : code | 0x80;
  }
}
