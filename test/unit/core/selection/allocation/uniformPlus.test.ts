import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformPlusCounts } from '../../../../../src/core/selection/allocation/uniformPlus';
import { layerOf, randomLayers, sumOf } from '../../../../helpers/allocatedLayers';
import { bisect } from '../../../../helpers/bisect';
import { seededRandom } from '../../../../helpers/random';

test('the first convolution stays dense, the last dense layer keeps a fifth, the rest make up for both', () => {
  const layers = [
    layerOf([8, 1, 5, 5]),
    layerOf([16, 8, 5, 5]),
    layerOf([100, 100]),
    layerOf([10, 100]),
  ];
  // 90 % of 14,400: 12,960, of which 800 from the last; 12,160 of 13,200 are 92.12 %.
  assert.deepEqual(uniformPlusCounts(layers, 12_960), [0, 2948, 9212, 800]);
});

test('below 80 % the last dense layer is pruned as the others are', () => {
  const layers = [layerOf([8, 1, 5, 5]), layerOf([100, 100]), layerOf([10, 100])];
  // 5,600 of the 11,000 weights that are not the first convolution's.
  assert.deepEqual(uniformPlusCounts(layers, 5500), [0, 5000, 500]);
});

test('a network without convolutions has no first one that would stay', () => {
  assert.deepEqual(uniformPlusCounts([layerOf([100, 10]), layerOf([10, 10])], 550), [500, 50]);
});

test('as much is removed as asked where the two exceptions leave room, and all that they leave else', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 300; round++) {
    const layers = randomLayers(random);
    const sizes = layers.map(({ elementCount }) => elementCount);
    const total = Math.round(sumOf(sizes) * random());
    const first = layers.findIndex(({ operator }) => operator === 'conv2d');
    const last = layers.findLastIndex(({ operator }) => operator === 'dense');
    const most = sizes.map((size, i) =>
      i === first ? 0 : i === last ? Math.floor(0.8 * size) : size,
    );
    const counts = uniformPlusCounts(layers, total);
    assert.equal(sumOf(counts), Math.min(total, sumOf(most)));
    const removedAt = (s: number): number => sumOf(sizes.map((n, i) => Math.min(most[i]!, s * n)));
    const sparsity = bisect((s) => removedAt(s) < sumOf(counts), 0, 1);
    counts.forEach((count, i) => {
      const share = Math.min(most[i]!, sparsity * sizes[i]!);
      assert.ok(Math.abs(count - share) < 1 + 1e-6, `layer ${i}: ${count} beside ${share}`);
      assert.ok(count <= most[i]!);
    });
  }
});
