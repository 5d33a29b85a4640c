// What holds of every plan, whatever its recipe: on random models of several types and orders of axes, with ties, zeros
// of both signs, weights that are not finite, empty tensors and layers of one unit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundError, UnsupportedError, UsageError } from '../../../../src/core/errors';
import type { Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan, PlanEntry } from '../../../../src/core/report/plan';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { roundHalfEven } from '../../../../src/core/selection/roundHalfEven';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';
import { scoresInMemory } from '../../../helpers/scoresInMemory';

type Random = () => number;

const pick = <T>(random: Random, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)]!;

function randomWeight(random: Random, isOdd: boolean): number {
  if (isOdd && random() < 0.1) return pick(random, [NaN, Infinity, -Infinity]);
  if (random() < 0.2) return pick(random, [0, -0]);
  return random() < 0.3 ? Math.round(8 * random()) - 4 : Math.fround(random() - 0.5);
}

function randomTensor(random: Random, name: string, isOdd: boolean): MemoryTensor {
  const size = (): number => 1 + Math.floor(9 * random());
  const shape = pick(random, [
    [size(), size()],
    [size(), size(), 2, 2],
    [size(), 1],
    [0, size()],
  ]);
  const length = shape.reduce((product, one) => product * one, 1);
  const values = Float64Array.from({ length }, () => randomWeight(random, isOdd));
  const dtype = pick(random, ['float32', 'float64'] as const);
  const bytes = bytesOf(dtype === 'float32' ? Float32Array.from(values) : values);
  const storageOrder = random() < 0.3 ? [...shape.keys()].reverse() : undefined;
  return { name, shape, dtype, bytes, ...(storageOrder === undefined ? {} : { storageOrder }) };
}

function randomModel(random: Random): Model {
  const isOdd = random() < 0.3;
  const count = 1 + Math.floor(4 * random());
  const model = memoryModel(
    Array.from({ length: count }, (_, i) => randomTensor(random, `t${i}`, isOdd)),
  );
  const layers = model.layers.map((layer, i) => {
    const { shape } = model.tensors[i]!;
    if (shape.length === 2) return layer;
    return { ...layer, operator: 'conv2d' as const, unitAxis: 0, unitCount: shape[0]! };
  });
  return { ...model, layers };
}

function randomMethod(random: Random, model: Model): Record<string, unknown> {
  const one = <T>(share: number, choices: readonly T[]): T | undefined =>
    random() < share ? pick(random, choices) : undefined;
  const criterion = pick(random, ['magnitude', 'random', 'lamp', 'l2-norm', 'taylor', 'grasp']);
  const units = ['unit', 'unit:input'];
  const all = ['weight', 'weight', '2:4', 'block:2x3', ...units];
  const target = pick(random, [
    { sparsity: pick(random, [0, 1, 0.5, random()]) },
    { threshold: pick(random, [0, 0.3, 100]) },
    { maxBytes: 1 + Math.floor(random() * 4000) },
  ]);
  const setting = { sparsity: one(0.5, [0, 1, random()]), granularity: one(0.3, all) };
  const method = {
    criterion,
    granularity: pick(random, criterion === 'l2-norm' ? units : all),
    scope: pick(random, ['global', 'layer']),
    ...target,
    allocation: one(0.3, ['uniform', 'uniform-plus', 'erk', 'lamp']),
    maxLayerSparsity: one(0.3, [0, 0.5, random()]),
    unitThreshold: one(0.2, [0.1, 1e6]),
    schedule: one(0.3, [{ kind: pick(random, ['agp', 'cosine', 'exponential']), steps: 3 }]),
    layers: one(0.3, [{ [pick(random, model.tensors).name]: setting }]),
    mask: one(0.3, ['mask.npz']),
  };
  return JSON.parse(JSON.stringify(method)) as Record<string, unknown>;
}

function randomMasks(random: Random, model: Model): Model {
  const tensors = model.tensors.map(({ name, shape, elementCount }) => {
    const bytes = Uint8Array.from({ length: elementCount }, () => (random() < 0.7 ? 1 : 0));
    return { name, shape, dtype: 'uint8' as const, bytes };
  });
  return memoryModel(tensors);
}

/** Null where the recipe asks for what cannot be: that is said, and nothing else is thrown. */
async function planOrNull(
  model: Model,
  method: object,
  masks: Model,
  random: Random,
): Promise<Plan | null> {
  const scores = scoresInMemory(model, (_, count) =>
    Float32Array.from({ length: count }, () => (random() < 0.3 ? 0 : random() - 0.5)),
  );
  const openMasks = () => Promise.resolve({ model: masks, close: () => Promise.resolve() });
  try {
    const recipe = parseRecipe(method, 'test');
    return await planPrune(model, recipe, unattended, { ...scores, openMasks });
  } catch (error) {
    const isRefusal =
      error instanceof UsageError ||
      error instanceof UnsupportedError ||
      error instanceof BoundError;
    if (isRefusal) return null;
    throw error;
  }
}

/** That the entry's counts are true, what is not finite stays, and nothing but zeros is written. */
async function assertTrue(model: Model, entry: PlanEntry): Promise<readonly boolean[]> {
  const tensor = model.tensors.find(({ name }) => name === entry.tensor)!;
  const before = [...(await readTensorValues(model, tensor))];
  const after = [...(await readTensorValues(model, tensor, entry.cut))];
  const zeros = (values: readonly number[]): number => values.filter((one) => one === 0).length;
  const nonFinite = before.filter((one) => !Number.isFinite(one)).length;
  const counts = [entry.zerosBefore, entry.zerosAfter, entry.nonFinite];
  assert.deepEqual(counts, [zeros(before), zeros(after), nonFinite], entry.tensor);
  before.forEach((value, i) => {
    const isKept = Object.is(value, after[i]) || (Number.isFinite(value) && after[i] === 0);
    assert.ok(isKept, `${entry.tensor}: ${value} became ${after[i]}`);
  });
  return after.map((value, i) => value === 0 || !Number.isFinite(before[i]));
}

test('whatever a recipe asks for, counts are true, masks hold, maxima too, and what is not finite stays', async () => {
  let planned = 0;
  for (let seed = 1; seed <= 250; seed++) {
    const random = seededRandom(seed);
    const model = randomModel(random);
    const method = randomMethod(random, model);
    const masks = randomMasks(random, model);
    const plan = await planOrNull(model, method, masks, random);
    if (plan === null) continue;
    planned++;
    for (const entry of plan.entries) {
      const isGone = await assertTrue(model, entry);
      const { layers = {}, maxLayerSparsity: most, unitThreshold, mask } = method;
      const isPlain = Object.keys(layers as object).length === 0 && unitThreshold === undefined;
      if (mask !== undefined) {
        const kept = await readTensorValues(
          masks,
          masks.tensors.find((one) => one.name === entry.tensor)!,
        );
        kept.forEach((value, i) => assert.ok(value === 1 || isGone[i], `${seed}: ${entry.tensor}`));
      } else if (typeof most === 'number' && isPlain) {
        const taken = entry.zerosAfter - entry.zerosBefore;
        assert.ok(taken <= roundHalfEven(most * entry.elementCount), `${seed}: ${entry.tensor}`);
      }
    }
  }
  assert.ok(planned > 100, `${planned} plans`);
});
