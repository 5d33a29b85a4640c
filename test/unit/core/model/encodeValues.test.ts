// The values of each type are those that its own decoder gives for all bit patterns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFloat16 } from '../../../../src/core/kernels/halfFloat';
import { smallTypeValues } from '../../../../src/core/kernels/smallTypes';
import { decodeValues, makeDecodeScratch } from '../../../../src/core/model/decodeValues';
import type { DType } from '../../../../src/core/model/dtype';
import { encodeValues } from '../../../../src/core/model/encodeValues';
import type { TensorEntry } from '../../../../src/core/model/model';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

type Float = Exclude<DType, 'string'>;

function entryOf(tensor: Omit<MemoryTensor, 'name'>): TensorEntry {
  return memoryModel([{ name: 'w', ...tensor }]).tensors[0]!;
}

/** What comes back of some values. */
function throughFile(dtype: Float, values: readonly number[]): readonly number[] {
  const entry = entryOf({ shape: [1], dtype, bytes: new Uint8Array(8) });
  const stored = encodeValues(entry, Float64Array.from(values), 0);
  return [...decodeValues(entry, Uint8Array.from(bytesOf(stored)), makeDecodeScratch())];
}

/** All finite non-negative values of a type, ascending, so that the index of each is even where its code is. */
function magnitudesOf(dtype: Float): readonly number[] {
  const finite = (values: Iterable<number>): number[] => [...values].filter(Number.isFinite);
  if (dtype === 'float16') {
    const target = new Float32Array(1 << 15);
    decodeFloat16(Uint16Array.from(target.keys()), target);
    return finite(target);
  }
  if (dtype === 'bfloat16') {
    const bits = Uint32Array.from({ length: 1 << 15 }, (_, code) => code << 16);
    return finite(new Float32Array(bits.buffer));
  }
  return finite(smallTypeValues(dtype as 'float8_e5m2').subarray(0, 128));
}

const TYPES = [
  'float16',
  'bfloat16',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
] as const;

for (const dtype of TYPES) {
  test(`every value of ${dtype} comes back as itself, with its sign`, () => {
    const values = magnitudesOf(dtype).flatMap((value) => (value === 0 ? [0] : [value, -value]));
    assert.ok(values.length > 200);
    assert.deepEqual(throughFile(dtype, values), values);
  });

  test(`halfway between two values of ${dtype} becomes the even one, beside it the nearer one`, () => {
    const values = magnitudesOf(dtype);
    const pairs = values.slice(1).map((above, i) => ({ above, below: values[i]!, odd: i % 2 }));
    const halfway = pairs.map(({ above, below }) => (above + below) / 2);
    assert.deepEqual(
      throughFile(dtype, halfway),
      pairs.map(({ above, below, odd }) => (odd === 1 ? above : below)),
    );
    const tiny = 2 ** -40;
    assert.deepEqual(
      throughFile(
        dtype,
        halfway.map((value) => value * (1 + tiny)),
      ),
      pairs.map(({ above }) => above),
    );
    assert.deepEqual(
      throughFile(
        dtype,
        halfway.map((value) => value * (1 - tiny)),
      ),
      pairs.map(({ below }) => below),
    );
  });

  test(`numbers beyond the range of ${dtype} become its largest, never infinite`, () => {
    const largest = magnitudesOf(dtype).at(-1)!;
    assert.deepEqual(throughFile(dtype, [largest * 4, -1e300, 1e-300]), [largest, -largest, 0]);
  });
}

test('float32 and float64 hold what the machine makes of a number', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 100 }, () => random() - 0.5);
  assert.deepEqual(throughFile('float64', values), values);
  assert.deepEqual(throughFile('float32', values), values.map(Math.fround));
});

test('numbers beyond the largest float32 become it, never infinite', () => {
  const largest = 3.4028234663852886e38;
  assert.deepEqual(throughFile('float32', [1e300, -4e38, largest, 2 ** -149, -(2 ** -151)]), [
    largest,
    -largest,
    largest,
    2 ** -149,
    0,
  ]);
});

test('codes are the nearest of their channel, and stay within their range', () => {
  const affine = { scales: [0.5, 0.1], zeroPoints: [3, -10], axis: 0 };
  const entry = entryOf({ shape: [2, 4], dtype: 'int8', bytes: new Uint8Array(8), affine });
  const values = Float64Array.of(0, 0.74, -0.76, 1e9, 0, 0.26, -0.24, -1e9);
  assert.deepEqual([...encodeValues(entry, values, 0)], [3, 4, 1, 127, -10, -7, -12, -128]);
  assert.deepEqual([...encodeValues(entry, values.slice(3, 6), 3)], [127, -10, -7]);
});

test('codes with a least value are the nearest of their grid', () => {
  const quantization = { storedDType: 'uint8', scale: 0.25, min: -1 } as const;
  const entry = entryOf({ shape: [5], dtype: 'uint8', bytes: new Uint8Array(5), quantization });
  const values = Float64Array.of(-1, 0, 0.13, 100, -100);
  assert.deepEqual([...encodeValues(entry, values, 0)], [0, 4, 5, 255, 0]);
});
