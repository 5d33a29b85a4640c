// Weights in integer codes, and in float8: they are ranked by their real values and become the code of zero.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCutFunction } from '../../../../src/core/model/applyCut';
import { makeDecodeScratch } from '../../../../src/core/model/decodeValues';
import { unwritableReason } from '../../../../src/core/model/lockUnwritableLayers';
import type { AffineCodes, Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { roundHalfEven } from '../../../../src/core/selection/roundHalfEven';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

const random = seededRandom(11);
const codes = (length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => low + Math.floor(random() * (high - low + 1)));

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
} as const;
type CodeType = keyof typeof ARRAYS;

function coded(dtype: CodeType, shape: number[], values: number[], affine: AffineCodes): Model {
  const bytes = bytesOf(ARRAYS[dtype].from(values));
  return memoryModel([{ name: 'w', shape, dtype, bytes, affine }]);
}

/** The real value of each element, element by element as the definition has it. */
function realValues(shape: number[], values: number[], affine: AffineCodes): number[] {
  const { scales, zeroPoints, axis } = affine;
  const inner = axis === null ? 1 : shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  return values.map((code, i) => {
    const index = axis === null ? 0 : Math.floor(i / inner) % shape[axis]!;
    return (code - zeroPoints[index]!) * scales[index]!;
  });
}

const CASES: readonly [CodeType, number[], number | null][] = [
  ['int8', [6, 8], null],
  ['int8', [6, 8], 0],
  ['uint8', [6, 8], 1],
  ['uint8', [4, 3, 2, 2], 1],
  ['int16', [5, 7], 0],
  ['uint16', [5, 7], 1],
  ['int32', [5, 7], null],
];

for (const [dtype, shape, axis] of CASES) {
  const along = axis === null ? 'one scale' : `scales along axis ${axis}`;
  test(`${dtype} codes with ${along} lose the smallest real values and take the zero point`, async () => {
    const length = shape.reduce((a, b) => a * b, 1);
    const signed = dtype.startsWith('int');
    const values = codes(length, signed ? -120 : 0, signed ? 120 : 240);
    const count = axis === null ? 1 : shape[axis]!;
    const affine = {
      scales: Array.from({ length: count }, () => 0.01 + random()),
      zeroPoints: codes(count, signed ? -20 : 100, signed ? 20 : 140),
      axis,
    };
    const model = coded(dtype, shape, values, affine);
    const real = realValues(shape, values, affine);
    for (const sparsity of [0, 0.3, 0.5, 0.9, 1]) {
      const plan = await planPrune(model, parseRecipe({ sparsity }, 'test'), unattended);
      const entry = plan.entries[0]!;
      const after = [...(await readTensorValues(model, model.tensors[0]!, entry.cut))];
      const k = Math.max(
        real.filter((value) => value === 0).length,
        roundHalfEven(sparsity * length),
      );
      const order = real
        .map((_, i) => i)
        .sort((a, b) => Math.abs(real[a]!) - Math.abs(real[b]!) || a - b);
      const gone = new Set(order.slice(0, k));
      const inner = axis === null ? 1 : shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      const zeroOf = (i: number): number =>
        affine.zeroPoints[axis === null ? 0 : Math.floor(i / inner) % count]!;
      assert.deepEqual(
        after,
        values.map((code, i) => (gone.has(i) ? zeroOf(i) : code)),
      );
      assert.equal(entry.zerosAfter, k);
      assert.equal(entry.zerosBefore, real.filter((value) => value === 0).length);
    }
  });
}

test('a unit of codes whose remaining real values are weak goes whole, with its bias', async () => {
  // Three units along the last axis with real norms 5, 0.5 and 3.
  const affine = { scales: [1, 0.1, 1], zeroPoints: [10, 20, 30], axis: 1 };
  const values = [13, 23, 30, 14, 24, 33];
  const model = coded('uint8', [2, 3], values, affine);
  const recipe = parseRecipe({ threshold: 0, unitThreshold: 1 }, 'test');
  const plan = await planPrune(model, recipe, unattended);
  assert.deepEqual(plan.entries[0]!.cut.zeroedUnits, [1]);
  const after = await readTensorValues(model, model.tensors[0]!, plan.entries[0]!.cut);
  assert.deepEqual([...after], [13, 20, 30, 14, 20, 33]);
});

test('a cut of codes applied in pieces equals the cut applied at once', async () => {
  const values = codes(350, -100, 100);
  const affine = { scales: codes(7, 1, 9), zeroPoints: codes(7, -3, 3), axis: 1 };
  const model = coded('int16', [50, 7], values, affine);
  const plan = await planPrune(model, parseRecipe({ sparsity: 0.6 }, 'test'), unattended);
  const { cut } = plan.entries[0]!;
  const whole = await readTensorValues(model, model.tensors[0]!, cut);
  const apply = makeCutFunction(model.tensors[0]!, cut, makeDecodeScratch());
  const pieces = Int16Array.from(values);
  for (let first = 0; first < 350; first += 13) {
    const piece = new Uint8Array(bytesOf(pieces.subarray(first, first + 13)));
    apply(piece, first);
    pieces.set(new Int16Array(piece.buffer), first);
  }
  assert.deepEqual([...pieces], [...whole]);
});

test('codes and floats are ranked together by their real values', async () => {
  const affine = { scales: [0.5], zeroPoints: [2], axis: null };
  const model = memoryModel([
    { name: 'q', shape: [1, 3], dtype: 'uint8', bytes: Uint8Array.of(2, 3, 9), affine },
    { name: 'f', shape: [1, 3], dtype: 'float32', bytes: bytesOf(Float32Array.of(0.4, -0.6, 9)) },
  ]);
  const plan = await planPrune(model, parseRecipe({ sparsity: 0.5 }, 'test'), unattended);
  const [q, f] = await Promise.all(
    plan.entries.map(({ cut }, i) => readTensorValues(model, model.tensors[i]!, cut)),
  );
  assert.deepEqual([...q!], [2, 2, 9]);
  assert.deepEqual([...f!], [0, Math.fround(-0.6), 9]);
});

const quantized = (scale: number, min: number): MemoryTensor => ({
  name: 'w',
  shape: [2, 2],
  dtype: 'uint8',
  bytes: Uint8Array.of(0, 3, 7, 255),
  quantization: { storedDType: 'uint8', scale, min },
});

const lockOf = (tensor: MemoryTensor): string | null => {
  const model = memoryModel([tensor]);
  return unwritableReason(model, model.tensors[0]!);
};

test('codes of TensorFlow.js are locked where none of them stands for exactly zero', () => {
  assert.equal(lockOf(quantized(0.25, -1)), null, 'code 4 is zero');
  assert.equal(lockOf(quantized(0.25, -1.1)), 'quantized', 'zero lies between two codes');
  assert.equal(lockOf(quantized(0.25, 1)), 'quantized', 'all values are positive');
  assert.equal(lockOf(quantized(0.001, -1)), 'quantized', 'zero lies beyond the last code');
  assert.equal(lockOf(quantized(0, 0)), 'quantized', 'all codes are the same number');
});

test('codes with a zero point that the type cannot hold are locked', () => {
  const affine = (zeroPoint: number, scale = 1): MemoryTensor => ({
    name: 'w',
    shape: [2, 2],
    dtype: 'int8',
    bytes: Uint8Array.of(0, 3, 7, 255),
    affine: { scales: [scale], zeroPoints: [zeroPoint], axis: null },
  });
  assert.equal(lockOf(affine(-128)), null);
  assert.equal(lockOf(affine(128)), 'quantized');
  assert.equal(lockOf(affine(0.5)), 'quantized');
  assert.equal(lockOf(affine(0, NaN)), 'quantized');
  assert.equal(lockOf({ ...affine(0), affine: undefined } as never), 'dtype', 'no scale is known');
});

for (const dtype of [
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
] as const) {
  test(`${dtype} weights are pruned in their own type`, async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const model = memoryModel([{ name: 'w', shape: [16, 16], dtype, bytes }]);
    const tensor = model.tensors[0]!;
    const before = await readTensorValues(model, tensor);
    const plan = await planPrune(model, parseRecipe({ sparsity: 0.5 }, 'test'), unattended);
    const entry = plan.entries[0]!;
    const after = await readTensorValues(model, tensor, entry.cut);
    const kept = [...after].filter((value) => value !== 0 && Number.isFinite(value));
    const gone = [...before].filter((value, i) => after[i] === 0 && value !== 0);
    assert.equal(after.filter((value) => value === 0).length, 128);
    const smallestKept = Math.min(...kept.map(Math.abs));
    assert.ok(gone.every((value) => Math.abs(value) <= smallestKept));
    const notFinite = (values: ArrayLike<number>): number =>
      Array.from(values).filter((value) => !Number.isFinite(value)).length;
    assert.equal(notFinite(after), notFinite(before), 'NaN and infinities stay');
    assert.equal(entry.nonFinite, notFinite(before));
  });
}
