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
    const mixed = finalize(finalize(Math.imul(lower, 0x9e3779b9) ^ key) + upper + key);
    target[i] = (mixed >>> 8) / 0x100_0000;
  }
}

/** Source: Appleby, MurmurHash3, fmix32. */
function finalize(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
