import assert from 'node:assert/strict';
import { test } from 'node:test';
import { erkCounts, erkDensities } from '../../../../../src/core/selection/allocation/erk';
import { bisect } from '../../../../helpers/bisect';
import { layerOf, randomLayers, sumOf } from '../../../../helpers/allocatedLayers';
import { seededRandom } from '../../../../helpers/random';

test('densities are min(1, e * sum of axes / product of axes) with the one e that keeps the total', () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const layers = randomLayers(random);
    const weights = sumOf(layers.map(({ elementCount }) => elementCount));
    const kept = Math.round(weights * random());
    const raw = layers.map(({ shape }) => sumOf(shape) / shape.reduce((a, b) => a * b));
    const densitiesAt = (factor: number): number[] => raw.map((one) => Math.min(1, factor * one));
    const keptAt = (factor: number): number =>
      sumOf(densitiesAt(factor).map((density, i) => density * layers[i]!.elementCount));
    const factor = bisect((one) => keptAt(one) < kept, 0, 1e9);
    const found = erkDensities(layers, kept);
    densitiesAt(factor).forEach((density, i) => {
      assert.ok(Math.abs(found[i]! - density) <= 1e-9, `layer ${i}: ${found[i]!} and ${density}`);
    });
  }
});

test('exactly the total is removed, and each layer is within one weight of its density', () => {
  const random = seededRandom(2);
  for (let round = 0; round < 200; round++) {
    const layers = randomLayers(random);
    const weights = sumOf(layers.map(({ elementCount }) => elementCount));
    const total = Math.round(weights * random());
    const counts = erkCounts(layers, total);
    assert.equal(sumOf(counts), total);
    const densities = erkDensities(layers, weights - total);
    layers.forEach(({ elementCount }, i) => {
      const share = elementCount * (1 - densities[i]!);
      assert.ok(Math.abs(counts[i]! - share) < 1 + 1e-6, `${counts[i]!} beside ${share}`);
      assert.ok(counts[i]! >= 0 && counts[i]! <= elementCount);
    });
  }
});

test('the layers of LeNet-300-100 at 90 % get the densities of the paper, the last one dense', () => {
  // (784 + 300) / 235200, (300 + 100) / 30000 and (100 + 10) / 1000, of which the last would exceed 1.
  const layers = [layerOf([784, 300]), layerOf([300, 100]), layerOf([100, 10])];
  const [first, second, last] = erkDensities(layers, 26_620);
  assert.equal(last, 1);
  // e = (26,620 - 1,000) / (1,084 + 400)
  assert.ok(Math.abs(first! - (1084 / 235_200) * (25_620 / 1484)) < 1e-12);
  assert.ok(Math.abs(second! - (400 / 30_000) * (25_620 / 1484)) < 1e-12);
});
