import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashedRun, hashedUniforms, spoilNonFinite } from '../../../../src/core/kernels/hashKernel';

const KEY = 0x9747b28c;

/** The same by its definition, in whole numbers of any size. */
function uniformOf(key: number, index: number): number {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  const finalize = (given: bigint): bigint => {
    let mixed = given ^ (given >> 16n);
    mixed = word(mixed * 0x85ebca6bn);
    mixed = word((mixed ^ (mixed >> 13n)) * 0xc2b2ae35n);
    return mixed ^ (mixed >> 16n);
  };
  const [lower, upper] = [word(BigInt(index)), BigInt(index) >> 32n];
  const first = finalize(word(lower * 0x9e3779b9n) ^ BigInt(key));
  return Number(finalize(word(first + upper + BigInt(key))) >> 8n) / 2 ** 24;
}

test('a run of hashed numbers holds those of its indices, across 2^32, too', () => {
  for (const first of [0, 1, 4095, 2 ** 31 - 3, 2 ** 32 - 3, 2 ** 40 + 1]) {
    for (const key of [0, 5, KEY, 2 ** 32 - 1]) {
      const [run, each] = [new Float32Array(9), new Float32Array(9)];
      hashedRun(key, first, run);
      const indices = Float64Array.from(run, (_, i) => first + i);
      hashedUniforms(key, indices, each);
      assert.deepEqual(
        Array.from(run),
        Array.from(indices, (index) => uniformOf(key, index)),
      );
      assert.deepEqual(each, run);
    }
  }
});

test('what is not finite gets no number, and takes none from the others', () => {
  for (const weights of [Float32Array, Float64Array]) {
    const scores = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    spoilNonFinite(scores, weights.of(1, -0, -2, 3e38, 1e-42, 0));
    assert.deepEqual(scores, Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6));
    spoilNonFinite(scores, weights.of(1, NaN, -2, Infinity, -Infinity, 0));
    const spoilt = Float32Array.of(0.1, NaN, 0.3, NaN, NaN, 0.6);
    assert.deepEqual(Array.from(scores), Array.from(spoilt));
  }
});
