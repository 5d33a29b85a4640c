import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOutView, type TensorLayout } from '../../../../../src/core/formats/pytorch/viewSpans';

const where = { format: 'pytorch', place: 'tensor "w"' };

function layOut(
  shape: readonly number[],
  strides: readonly number[],
  storageOffset = 0,
): TensorLayout {
  const storage = { fileIndex: 0, byteOffset: 100 };
  return layOutView({ shape, strides, storageOffset, elementBytes: 4, storage }, where, 1000);
}

function runs({ spans }: TensorLayout): readonly (readonly [number, number])[] {
  return spans.map(({ byteOffset, byteLength }) => [(byteOffset - 100) / 4, byteLength / 4]);
}

test('a dense view in any order of its axes is one run', () => {
  assert.deepEqual(layOut([2, 3], [3, 1]).storageOrder, null);
  assert.deepEqual(runs(layOut([2, 3], [3, 1], 6)), [[6, 6]]);
  assert.deepEqual(layOut([2, 3], [1, 2]).storageOrder, [1, 0]);
  // channels_last of (2, 3, 4, 5)
  assert.deepEqual(layOut([2, 3, 4, 5], [60, 1, 15, 3]).storageOrder, [0, 2, 3, 1]);
});

test('axes of one element do not count, whatever their stride', () => {
  assert.deepEqual(layOut([1, 3], [999, 1]), layOut([1, 3], [3, 1]));
  assert.deepEqual(layOut([3, 1], [1, 999]).storageOrder, null);
  assert.deepEqual(layOut([], []).spans.length, 1);
});

test('other views are one run for each contiguous part, in C order', () => {
  assert.deepEqual(runs(layOut([2, 3], [6, 1], 1)), [
    [1, 3],
    [7, 3],
  ]);
  assert.deepEqual(runs(layOut([2, 2], [1, 4])), [
    [0, 1],
    [4, 1],
    [1, 1],
    [5, 1],
  ]);
  assert.deepEqual(runs(layOut([2, 2, 2], [100, 2, 1])), [
    [0, 4],
    [100, 4],
  ]);
});

test('an expanded view repeats its run, and an empty one has none to read', () => {
  assert.deepEqual(runs(layOut([3], [0], 7)), [
    [7, 1],
    [7, 1],
    [7, 1],
  ]);
  assert.deepEqual(runs(layOut([0, 3], [3, 1])), [[0, 0]]);
});

test('a view of more runs than allowed is refused before they are made', () => {
  assert.throws(() => layOut([1_000_000_000_000], [2]), { name: 'UnsupportedError' });
});
