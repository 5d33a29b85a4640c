import { INFINITY_BITS } from './selectionKernels';

/**
 * A number in [0, 1) for each index, a multiple of 2^-24: the finaliser of MurmurHash3 over the index's lower
 * word and the key, then over that and the upper word, so that neighbours are unlike and any part of a sequence
 * can be made without the rest.
 * @param indices whole numbers from 0 to 2^53
 */
export function hashedUniforms(key: number, indices: Float64Array, target: Float32Array): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    const lower = index | 0;
    const upper = (index / 0x1_0000_0000) | 0;
    const mixed = finalize((finalize(Math.imul(lower, 0x9e3779b9) ^ key) + upper + key) | 0);
    target[i] = (mixed >>> 8) * 2 ** -24;
  }
}

/**
 * As {@link hashedUniforms}, for neighbours: several times as fast, as no indices are read.
 * @param first index of the first number
 */
export function hashedRun(key: number, first: number, target: Float32Array): void {
  const upper = Math.floor(first / 0x1_0000_0000);
  const untilNext = Math.min(target.length, (upper + 1) * 0x1_0000_0000 - first);
  fillRun(target.subarray(0, untilNext), { key, lower: first | 0, upper });
  if (untilNext === target.length) return;
  hashedRun(key, first + untilNext, target.subarray(untilNext));
}

interface HashRun {
  readonly key: number;
  /** Words of the first index; the upper one is that of all. */
  readonly lower: number;
  readonly upper: number;
}

/** Whole numbers of 32 bits throughout: the compiler would take others for float64. */
function fillRun(target: Float32Array, { key, lower, upper }: HashRun): void {
  const word = key | 0;
  const added = (upper + key) | 0;
  let product = Math.imul(lower, 0x9e3779b9);
  for (let i = 0; i < target.length; i++) {
    const mixed = finalize((finalize(product ^ word) + added) | 0);
    target[i] = (mixed >>> 8) * 2 ** -24;
    product = (product + 0x9e3779b9) | 0;
  }
}

/** Makes scores NaN where a weight is NaN or infinite. */
export function spoilNonFinite(scores: Float32Array, weights: Float32Array | Float64Array): void {
  if (weights instanceof Float32Array && isAllFinite(weights)) return;
  // What is not finite times 0 is NaN.
  for (let i = 0; i < scores.length; i++) scores[i] += weights[i] * 0;
}

/** By the bits, without a branch: nearly always all are. */
function isAllFinite(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let signs = 0;
  for (let i = 0; i < bits.length; i++) signs |= INFINITY_BITS - 1 - (bits[i] & 0x7fffffff);
  return signs >= 0;
}

/** Source: Appleby, MurmurHash3, fmix32. */
function finalize(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
