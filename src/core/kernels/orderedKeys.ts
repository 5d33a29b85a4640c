const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/** The key of 0. */
const OFFSET = 0x80000000;

/** The largest finite float32. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Below the key of every number. */
export const GONE_KEY = 0;

/**
 * Replaces float32 numbers by whole numbers from 0 in the same order, so that what selects by magnitude
 * selects signed numbers, too: of two numbers the smaller has the smaller key, -0 and 0 the same. Finite numbers
 * beyond a float32 count as its largest; what is not finite becomes NaN.
 */
export function orderedKeysInPlace(numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = orderedKey(numbers[i]);
}

/** See {@link orderedKeysInPlace}. */
export function orderedKey(number: number): number {
  if (!Number.isFinite(number)) return NaN;
  // Adding 0 makes 0 of -0.
  value[0] = Math.min(Math.max(number, -LARGEST_FLOAT32), LARGEST_FLOAT32) + 0;
  return bits[0] >= OFFSET ? 0x1_0000_0000 - bits[0] - 1 : bits[0] + OFFSET;
}

/** The number that a key stands for. */
export function numberOfKey(key: number): number {
  bits[0] = key >= OFFSET ? key - OFFSET : 0x1_0000_0000 - key - 1;
  return value[0];
}
