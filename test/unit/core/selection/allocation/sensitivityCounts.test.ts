import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type SensitivityCurve,
  sensitivityCounts,
} from '../../../../../src/core/selection/allocation/sensitivityCounts';
import { layerOf, sumOf } from '../../../../helpers/allocatedLayers';
import { readOracle } from '../../../../helpers/fixtures';
import { seededRandom } from '../../../../helpers/random';

const LAYERS = [layerOf([1, 8]), layerOf([2, 4]), layerOf([4, 4])];

/** A rising convex curve through random steps, at every whole number of weights. */
function convexCurve(tensor: string, weights: number, random: () => number): SensitivityCurve {
  const steps = Array.from({ length: weights }, random).sort((a, b) => a - b);
  const points = steps.map((_, i) => ({
    sparsity: (i + 1) / weights,
    lossIncrease: sumOf(steps.slice(0, i + 1)),
  }));
  return { tensor, points };
}

/** The smallest sum of losses over all ways to remove `total`, by trying them all. */
function smallestLoss(curves: readonly SensitivityCurve[], total: number): number {
  const [curve, ...rest] = curves;
  if (curve === undefined) return total === 0 ? 0 : Infinity;
  const losses = [0, ...curve.points.map(({ lossIncrease }) => lossIncrease)];
  return Math.min(
    ...losses.flatMap((loss, count) =>
      count > total ? [] : [loss + smallestLoss(rest, total - count)],
    ),
  );
}

test('of all ways to share a total out, the one with the smallest sum of losses is found', () => {
  const random = seededRandom(4);
  for (let round = 0; round < 30; round++) {
    const curves = LAYERS.map((layer, i) => convexCurve(`t${i}`, layer.elementCount, random));
    for (const total of [0, 1, 5, 13, 24, 31, 32]) {
      const counts = sensitivityCounts(LAYERS, curves, total);
      assert.equal(sumOf(counts), total);
      const loss = sumOf(
        counts.map((count, i) => (count === 0 ? 0 : curves[i]!.points[count - 1]!.lossIncrease)),
      );
      assert.ok(Math.abs(loss - smallestLoss(curves, total)) <= 1e-12, `${total} weights`);
    }
  }
});

test('a layer with a dent in its curve is pruned through to the bottom of the dent', () => {
  const dent = [
    { sparsity: 0.25, lossIncrease: 0.4 },
    { sparsity: 0.5, lossIncrease: 0.1 },
    { sparsity: 0.75, lossIncrease: 3 },
  ];
  const steady = [
    { sparsity: 0.5, lossIncrease: 1 },
    { sparsity: 0.75, lossIncrease: 2 },
  ];
  const layers = [layerOf([10, 10]), layerOf([10, 10])];
  const curves = [
    { tensor: 'a', points: dent },
    { tensor: 'b', points: steady },
  ];
  assert.deepEqual(sensitivityCounts(layers, curves, 60), [50, 10]);
});

test('what no sparsity was measured for is taken last, and from all alike', () => {
  const curve = (tensor: string, lossIncrease: number): SensitivityCurve => ({
    tensor,
    points: [{ sparsity: 0.5, lossIncrease }],
  });
  const layers = [layerOf([10, 10]), layerOf([30, 10])];
  const curves = [curve('a', 9), curve('b', 0.1)];
  assert.deepEqual(sensitivityCounts(layers, curves, 200), [50, 150]);
  assert.deepEqual(sensitivityCounts(layers, curves, 300), [75, 225]);
});

test('the measured layers of a network lose least where they cost most', async () => {
  const oracle = (await readOracle('pruning/digits_mlp')) as {
    magnitude: { before: { loss: number }; layers: Record<string, number[]> };
    sensitivity: { layers: Record<string, Record<string, { loss: number }>> };
  };
  const { before, layers } = oracle.magnitude;
  const names = Object.keys(layers);
  const curves = names.map((tensor) => ({
    tensor,
    points: Object.entries(oracle.sensitivity.layers[tensor]!).map(([sparsity, { loss }]) => ({
      sparsity: Number(sparsity),
      lossIncrease: loss - before.loss,
    })),
  }));
  const sizes = names.map((name) => layerOf(layers[name]!));
  const counts = sensitivityCounts(sizes, curves, 5300);
  assert.equal(sumOf(counts), 5300);
  const sparsities = counts.map((count, i) => count / sizes[i]!.elementCount);
  const predicted = (all: readonly number[]): number =>
    sumOf(all.map((sparsity, i) => lossAt(curves[i]!, sparsity)));
  const uniform = sizes.map(() => 5300 / 8832);
  assert.ok(predicted(sparsities) < predicted(uniform));
  assert.ok(sparsities[2]! < sparsities[0]!, 'the last layer is the most sensitive');
});

/** A measured curve between its points. */
function lossAt({ points }: SensitivityCurve, sparsity: number): number {
  const all = [{ sparsity: 0, lossIncrease: 0 }, ...points];
  const next = all.findIndex((point) => point.sparsity >= sparsity);
  const [from, to] = [all[Math.max(0, next - 1)]!, all[Math.max(0, next)]!];
  const t =
    to.sparsity === from.sparsity ? 0 : (sparsity - from.sparsity) / (to.sparsity - from.sparsity);
  return from.lossIncrease + t * (to.lossIncrease - from.lossIncrease);
}
