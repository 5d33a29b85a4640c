const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/** The key of the smallest float32 below which there is none: where 0 would be. */
const OFFSET = 0x80000000;

/**
 * Replaces float32 numbers by whole numbers from 0 in the same order, so that what selects by magnitude
 * selects signed numbers, too: of two numbers the smaller has the smaller key, -0 and 0 the same. NaN stays.
 */
export function orderedKeysInPlace(numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = orderedKey(numbers[i]);
}

/** See {@link orderedKeysInPlace}. */
export function orderedKey(number: number): number {
  // Adding 0 makes 0 of -0.
  value[0] = number + 0;
  if (!Number.isFinite(value[0])) return NaN;
  return bits[0] >= OFFSET ? 0x1_0000_0000 - bits[0] - 1 : bits[0] + OFFSET;
}

/** The number that a key stands for. */
export function numberOfKey(key: number): number {
  bits[0] = key >= OFFSET ? key - OFFSET : 0x1_0000_0000 - key - 1;
  return value[0];
}
