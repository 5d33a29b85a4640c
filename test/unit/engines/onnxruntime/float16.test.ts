import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFloat16 } from '../../../../src/core/kernels/halfFloat';
import { encodeFloat16 } from '../../../../src/engines/onnxruntime/float16';

/** By IEEE 754-2008, binary16: values with the bits of the nearest, ties to even. */
const NEAREST: readonly (readonly [number, number])[] = [
  [1, 0x3c00],
  [-2, 0xc000],
  [-0, 0x8000],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [65504, 0x7bff],
  [65519, 0x7bff],
  [65520, 0x7c00],
  [-Infinity, 0xfc00],
  [2 ** -14, 0x0400],
  [2 ** -14 - 2 ** -26, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1.5 * 2 ** -25, 0x0001],
  [1e-30, 0x0000],
];

test('a float16 is the nearest one, and of two equally near ones the even', () => {
  const bits = encodeFloat16(Float32Array.from(NEAREST, ([value]) => value));
  assert.deepEqual(
    [...bits],
    Array.from(NEAREST, ([, expected]) => expected),
  );
});

test('every float16 comes back as it was', () => {
  const all = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
  const values = new Float32Array(all.length);
  decodeFloat16(all, values);
  const back = encodeFloat16(values);
  for (const [i, bits] of all.entries()) {
    if (Number.isNaN(values[i])) assert.equal(back[i]! & 0x7fff, 0x7e00);
    else assert.equal(back[i], bits);
  }
});
