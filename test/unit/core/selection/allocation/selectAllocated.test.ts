import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../../../src/core/model/model';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../../src/core/report/plan';
import { erkCounts } from '../../../../../src/core/selection/allocation/erk';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { roundHalfEven } from '../../../../../src/core/selection/roundHalfEven';
import { sumOf } from '../../../../helpers/allocatedLayers';
import { memoryModel } from '../../../../helpers/memoryModel';
import { matrix, randomMatrices } from '../../../../helpers/randomTensors';
import { seededRandom } from '../../../../helpers/random';
import { zeroedBy } from '../../../../helpers/zeroedBy';

const planOf = (model: Model, fields: object): Promise<Plan> =>
  planPrune(model, parseRecipe(fields, 'test'), unattended);

/** Of each tensor: its weights, and how many went. */
function sizesAndCounts({ entries }: Plan): readonly (readonly [number, number])[] {
  return entries.map(({ elementCount, zerosAfter }) => [elementCount, zerosAfter]);
}

/** The definition: smallest first over all, passing over layers that are full. */
async function fillBySorting(model: Model, k: number, cap: number): Promise<number[]> {
  const all: { magnitude: number; tensor: number; index: number }[] = [];
  for (const [tensor, entry] of model.tensors.entries()) {
    const values = await readTensorValues(model, entry);
    values.forEach((value, index) => all.push({ magnitude: Math.abs(value), tensor, index }));
  }
  all.sort((a, b) => a.magnitude - b.magnitude || a.tensor - b.tensor || a.index - b.index);
  const limits = model.tensors.map(({ elementCount }) => roundHalfEven(cap * elementCount));
  const counts = limits.map(() => 0);
  let left = k;
  for (const { tensor } of all) {
    if (left === 0) break;
    if (counts[tensor]! >= limits[tensor]!) continue;
    counts[tensor]!++;
    left--;
  }
  return counts;
}

for (const ties of [false, true]) {
  test(`with a maximum a layer the smallest go first, passing over full layers${ties ? ', with ties' : ''}`, async () => {
    const random = seededRandom(ties ? 21 : 20);
    for (let round = 0; round < 60; round++) {
      const tensors = randomMatrices(random, false);
      const model = memoryModel(
        ties ? randomMatrices(random, true).map((one) => withoutZeros(one)) : tensors,
      );
      const total = sumOf(model.tensors.map(({ elementCount }) => elementCount));
      const cap = 0.3 + 0.7 * random();
      const sparsity = random();
      const plan = await planOf(model, { sparsity, maxLayerSparsity: cap });
      const k = roundHalfEven(sparsity * total);
      const limits = model.tensors.map(({ elementCount }) => roundHalfEven(cap * elementCount));
      const counts = plan.entries.map(({ zerosAfter }) => zerosAfter);
      assert.deepEqual(counts, await fillBySorting(model, k, cap), `round ${round}`);
      counts.forEach((count, i) => assert.ok(count <= limits[i]!));
      assert.equal(sumOf(counts), Math.min(k, sumOf(limits)));
      assert.equal(
        plan.warnings.some((one) => one.includes('no layer loses more than')),
        k > sumOf(limits),
      );
    }
  });
}

/** Zeros count as gone from the start, whatever a maximum says. */
function withoutZeros(tensor: ReturnType<typeof matrix>): ReturnType<typeof matrix> {
  const values = new Float32Array(tensor.bytes.buffer.slice(0));
  return matrix(
    tensor.name,
    tensor.shape as [number, number],
    values.map((value) => (value === 0 ? 3 : value)),
  );
}

test('where the maximum leaves no room for the target, the numbers are said', async () => {
  const model = memoryModel([
    matrix('a', [1, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    matrix('b', [1, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  ]);
  const plan = await planOf(model, { sparsity: 0.9, maxLayerSparsity: 0.6 });
  assert.equal(plan.totals.zeros, 12);
  assert.deepEqual(plan.warnings, [
    'no layer loses more than 60 % of its weights: 12 go instead of 18',
  ]);
});

test('the maximum holds for thresholds and for every layer alike, too', async () => {
  const model = memoryModel([
    matrix('a', [1, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    matrix('b', [1, 10], [11, 12, 13, 14, 15, 1, 17, 18, 19, 20]),
  ]);
  const byThreshold = await planOf(model, { threshold: 9, maxLayerSparsity: 0.5 });
  assert.deepEqual(sizesAndCounts(byThreshold), [
    [10, 5],
    [10, 1],
  ]);
  const alike = await planOf(model, { sparsity: 0.8, scope: 'layer', maxLayerSparsity: 0.5 });
  assert.deepEqual(sizesAndCounts(alike), [
    [10, 5],
    [10, 5],
  ]);
});

test("a layer's own sparsity wins over the maximum", async () => {
  const model = memoryModel([
    matrix('a', [1, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    matrix('b', [1, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  ]);
  const layers = { a: { sparsity: 0.9 } };
  const plan = await planOf(model, { sparsity: 0.6, maxLayerSparsity: 0.5, layers });
  assert.deepEqual(sizesAndCounts(plan), [
    [10, 9],
    [10, 3],
  ]);
});

test("a layer's own N:M wins over the maximum", async () => {
  const model = memoryModel([
    matrix(
      'a',
      [4, 4],
      Float32Array.from({ length: 16 }, (_, i) => i + 1),
    ),
    matrix(
      'b',
      [4, 4],
      Float32Array.from({ length: 16 }, (_, i) => i + 1),
    ),
  ]);
  const layers = { a: { granularity: '1:4' } };
  const plan = await planOf(model, { sparsity: 0.6, maxLayerSparsity: 0.5, layers });
  assert.deepEqual(sizesAndCounts(plan), [
    [16, 12],
    [16, 7],
  ]);
});

for (const method of [{}, { scope: 'layer' }, { allocation: 'erk' }, { allocation: 'lamp' }]) {
  test(`with one layer ${JSON.stringify(method)} takes what any other does`, async () => {
    const [tensor] = randomMatrices(seededRandom(28), true);
    const model = memoryModel([tensor!]);
    const found = await planOf(model, { sparsity: 0.55, ...method });
    const global = await planOf(model, { sparsity: 0.55 });
    assert.deepEqual(await zeroedBy(model, found.entries), await zeroedBy(model, global.entries));
  });
}

test('the maximum holds for whole units, whatever their number', async () => {
  const random = seededRandom(22);
  for (let round = 0; round < 40; round++) {
    const model = memoryModel(randomMatrices(random, false));
    const cap = 0.2 + 0.8 * random();
    const plan = await planOf(model, {
      granularity: 'unit',
      sparsity: 0.9,
      maxLayerSparsity: cap,
    });
    for (const { elementCount, zerosAfter } of plan.entries) {
      assert.ok(zerosAfter <= roundHalfEven(cap * elementCount), `${zerosAfter}/${elementCount}`);
    }
  }
});

for (const allocation of ['uniform-plus', 'erk', 'lamp']) {
  test(`${allocation} removes exactly the total, the smallest of each layer`, async () => {
    const random = seededRandom(23);
    for (let round = 0; round < 25; round++) {
      const model = memoryModel(randomMatrices(random, false));
      const total = sumOf(model.tensors.map(({ elementCount }) => elementCount));
      const sparsity = 0.7 * random();
      const plan = await planOf(model, { sparsity, allocation });
      assert.equal(plan.totals.zeros, roundHalfEven(sparsity * total));
      const masks = await zeroedBy(model, plan.entries);
      for (const [i, tensor] of model.tensors.entries()) {
        const values = await readTensorValues(model, tensor);
        const gone = Array.from(values, Math.abs).filter((_, index) => masks[i]![index]!);
        const kept = Array.from(values, Math.abs).filter((_, index) => !masks[i]![index]!);
        assert.ok(Math.max(0, ...gone) <= Math.min(Infinity, ...kept));
      }
    }
  });
}

test('uniform is what scope layer does', async () => {
  const model = memoryModel(randomMatrices(seededRandom(24), false));
  const uniform = await planOf(model, { sparsity: 0.63, allocation: 'uniform' });
  const byLayer = await planOf(model, { sparsity: 0.63, scope: 'layer' });
  assert.deepEqual(uniform.entries, byLayer.entries);
});

test('an allocation shares out what layers with a sparsity of their own leave of the total', async () => {
  const random = seededRandom(25);
  const values = (count: number): number[] => Array.from({ length: count }, random);
  const model = memoryModel([
    matrix('a', [40, 30], values(1200)),
    matrix('b', [30, 20], values(600)),
    matrix('c', [20, 10], values(200)),
  ]);
  const layers = { b: { sparsity: 0.9 } };
  const plan = await planOf(model, { sparsity: 0.8, allocation: 'erk', layers });
  const [a, b, c] = plan.entries.map(({ zerosAfter }) => zerosAfter);
  assert.equal(b, 540);
  const others = [
    { operator: 'dense' as const, shape: [40, 30], elementCount: 1200 },
    { operator: 'dense' as const, shape: [20, 10], elementCount: 200 },
  ];
  assert.deepEqual([a, c], erkCounts(others, 1600 - 540));
});

test('an allocation within a maximum still removes exactly the total', async () => {
  const random = seededRandom(26);
  for (let round = 0; round < 30; round++) {
    const model = memoryModel(randomMatrices(random, false));
    const total = sumOf(model.tensors.map(({ elementCount }) => elementCount));
    const plan = await planOf(model, { sparsity: 0.6, allocation: 'erk', maxLayerSparsity: 0.7 });
    const most = plan.entries.map(({ elementCount }) => roundHalfEven(0.7 * elementCount));
    assert.equal(plan.totals.zeros, Math.min(roundHalfEven(0.6 * total), sumOf(most)));
    plan.entries.forEach(({ zerosAfter }, i) => assert.ok(zerosAfter <= most[i]!));
  }
});

test('q of std takes what is at most q population standard deviations of its own layer', async () => {
  const random = seededRandom(27);
  const model = memoryModel(randomMatrices(random, false));
  const plan = await planOf(model, { stdFactor: 0.8 });
  for (const [i, tensor] of model.tensors.entries()) {
    const values = Array.from(await readTensorValues(model, tensor));
    const mean = sumOf(values) / values.length;
    const variance = sumOf(values.map((value) => (value - mean) ** 2)) / values.length;
    const expected = values.filter((value) => Math.abs(value) <= 0.8 * Math.sqrt(variance)).length;
    assert.equal(plan.entries[i]!.zerosAfter, expected, tensor.name);
  }
});

const CONTRADICTIONS: readonly (readonly [object, RegExp])[] = [
  [{ allocation: 'erk', threshold: 1 }, /allocation erk: found it with threshold/],
  [{ allocation: 'lamp', stdFactor: 1 }, /allocation lamp: found it with stdFactor/],
  [{ allocation: 'erk', scope: 'layer' }, /found it with scope layer.*allowed: scope global/],
  [{ criterion: 'random', stdFactor: 1 }, /stdFactor: found it with criterion random/],
  [{ granularity: 'unit', stdFactor: 1 }, /stdFactor: found it with granularity unit/],
  [{ granularity: '2:4', allocation: 'erk' }, /takes 2 of every 4 weights by itself/],
  [{ granularity: '1:4', macs: 0.5 }, /macs: found it with granularity 1:4/],
  [{ granularity: '2:4', maxLayerSparsity: 0.5 }, /maxLayerSparsity: found it with/],
];

for (const [fields, message] of CONTRADICTIONS) {
  test(`${JSON.stringify(fields)} is refused as a contradiction`, async () => {
    const model = memoryModel([matrix('a', [4, 4], new Float32Array(16).fill(1))]);
    await assert.rejects(planOf(model, fields), { name: 'UsageError', message });
  });
}
