import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lampScores } from '../../../../../src/core/criteria/lamp';
import { type Model, type TensorEntry, tensorNamed } from '../../../../../src/core/model/model';
import type { LayerTarget } from '../../../../../src/core/selection/allocation/layerTarget';
import { lowestByLamp } from '../../../../../src/core/selection/lamp/lowestByLamp';
import { magnitudeScores } from '../../../../../src/core/selection/scoreTensor';
import { selectSmallest } from '../../../../../src/core/selection/selectSmallest';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../../helpers/memoryModel';
import { seededRandom } from '../../../../helpers/random';

type Weights = Float32Array | Float64Array;

/** By the definition: all scores sorted by (score, layer, order within the layer). */
function expectedCounts(layers: readonly Weights[], target: LayerTarget): number[] {
  const all = layers.flatMap((weights, layer) =>
    Array.from(lampScores(weights), (score) => ({ score, layer })).filter(
      ({ score }) => !Number.isNaN(score),
    ),
  );
  all.sort((a, b) => a.score - b.score || a.layer - b.layer);
  const taken =
    target.kind === 'count'
      ? all.slice(0, target.count)
      : all.filter(({ score }) => score <= target.threshold);
  return layers.map((_, layer) => taken.filter((one) => one.layer === layer).length);
}

function modelOf(layers: readonly Weights[]): {
  readonly model: Model;
  readonly entries: readonly TensorEntry[];
} {
  const tensors = layers.map((weights, i): MemoryTensor => ({
    name: `layer${i}`,
    shape: [1, weights.length],
    dtype: weights instanceof Float32Array ? 'float32' : 'float64',
    bytes: bytesOf(weights),
  }));
  const model = memoryModel(tensors);
  return { model, entries: tensors.map(({ name }) => tensorNamed(model, name)) };
}

async function foundCounts(layers: readonly Weights[], target: LayerTarget): Promise<number[]> {
  const { model, entries } = modelOf(layers);
  const lowest = await lowestByLamp(model, entries, target, () => undefined);
  return lowest.tensors.map(({ selectedCount }) => selectedCount);
}

/** Roughly normal, wider in each further layer. */
function randomLayer(seed: number, length: number): number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length },
    () => (random() + random() + random() - 1.5) * (1 + (seed % 5)) ** 3,
  );
}

const COUNTS = [0, 1, 7, 500, 1234, 2399, 2400, 5000];

test('lamp takes of each layer what sorting all scores takes, in float32 and float64', async () => {
  for (const kind of [Float32Array, Float64Array]) {
    const layers = [900, 100, 1400].map((length, i) => kind.from(randomLayer(i + 1, length)));
    for (const count of COUNTS) {
      const target = { kind: 'count', count } as const;
      assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
    }
  }
});

test('lamp parts ranges that hold many weights until few are left', async () => {
  const layers = [300_000, 200_000].map((length, i) =>
    Float32Array.from(randomLayer(i + 1, length)),
  );
  for (const count of [250_000, 400_000]) {
    const target = { kind: 'count', count } as const;
    assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
  }
});

test('lamp ranks equal weights one after the other, and ties over layers by layer', async () => {
  const layers = [
    new Float32Array(600).fill(0.5),
    new Float32Array(500).fill(-2),
    Float32Array.from({ length: 400 }, (_, i) => (i % 3) - 1),
  ];
  for (const count of [0, 133, 134, 200, 700, 1499, 1500]) {
    const target = { kind: 'count', count } as const;
    assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
  }
});

test('lamp ranks more equal weights than are collected', async () => {
  const equal = Float32Array.from({ length: 1_200_000 }, (_, i) => (i % 16 === 0 ? 0 : 0.25));
  const layers = [equal, Float32Array.from(randomLayer(2, 1000))];
  for (const count of [70_000, 500_000, 1_200_900]) {
    const target = { kind: 'count', count } as const;
    assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
  }
});

test('of each layer lamp takes the weights of the smallest magnitude, by threshold and tie limit', async () => {
  const rounded = Float32Array.from(randomLayer(3, 5000), (value) => Math.round(value * 50) / 50);
  const layers = [Float32Array.from(randomLayer(1, 3000)), rounded, Float32Array.from([NaN, 1, 0])];
  const { model, entries } = modelOf(layers);
  for (const count of [0, 1, 900, 4001, 7000, 8003]) {
    const target = { kind: 'count', count } as const;
    const lowest = await lowestByLamp(model, entries, target, () => undefined);
    for (const [i, found] of lowest.tensors.entries()) {
      const scores = magnitudeScores(model, entries.slice(i, i + 1));
      const { threshold, tensors } = await selectSmallest(
        scores,
        found.selectedCount,
        () => undefined,
      );
      assert.deepEqual([found], [{ ...tensors[0], threshold }]);
    }
  }
});

test('lamp leaves out weights that are not finite', async () => {
  const layers = [Float32Array.from([NaN, 1, Infinity, 2, -3]), Float32Array.from([0, 0, 5, 4])];
  for (let count = 0; count <= 9; count++) {
    const target = { kind: 'count', count } as const;
    assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
  }
});

test('a threshold on lamp scores takes all up to it', async () => {
  const layers = [800, 300].map((length, i) => Float32Array.from(randomLayer(i + 3, length)));
  for (const threshold of [0, 1e-9, 1e-4, 0.003, 0.4, 1]) {
    const target = { kind: 'threshold', threshold } as const;
    assert.deepEqual(await foundCounts(layers, target), expectedCounts(layers, target));
  }
});

test('the largest weight of every layer scores 1', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const scores = lampScores(Float32Array.from(randomLayer(seed, 50 + seed)));
    assert.equal(Math.max(...scores), 1);
  }
});
