// What masks took before anything is selected: it counts towards the target whatever ranks the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { cutsByTensor } from '../../../../src/core/model/applyCut';
import type { Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';
import { applyGivenMasks } from '../../../../src/core/selection/masks/applyGivenMasks';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { memoryModel } from '../../../helpers/memoryModel';
import { matrix } from '../../../helpers/randomTensors';
import { scoresInMemory } from '../../../helpers/scoresInMemory';

/** Four units, a column each; their norms rise. */
const WEIGHTS = [1, 2, 3, 4, -1, -2, -3, -4, 1, 2, 3, 4];
const model = memoryModel([matrix('w', [3, 4], WEIGHTS)]);

const maskOf = (kept: readonly number[]): Model =>
  memoryModel([{ ...matrix('w', [3, 4], []), dtype: 'uint8', bytes: Uint8Array.from(kept) }]);

/** All of the last unit. */
const LAST_UNIT = maskOf([1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0]);

function planWith(
  masks: Model,
  method: object,
  scores: readonly number[] = [],
  of: Model = model,
): Promise<Plan> {
  const opened = { model: masks, close: () => Promise.resolve() };
  const scoring = scoresInMemory(of, () => Float32Array.from(scores));
  const recipe = parseRecipe({ mask: 'mask.npz', ...method }, 'test');
  return planPrune(of, recipe, unattended, {
    ...scoring,
    openMasks: () => Promise.resolve(opened),
  });
}

/** Columns of the first tensor of which nothing is left. */
async function emptyUnits(plan: Plan, of: Model = model): Promise<number[]> {
  const values = await readTensorValues(of, of.tensors[0]!, plan.entries[0]!.cut);
  return [0, 1, 2, 3].filter((unit) => [0, 4, 8].every((row) => values[row + unit] === 0));
}

const RANKING_UNITS: readonly (readonly [string, readonly number[]])[] = [
  ['l1-norm', []],
  ['l2-norm', []],
  ['apoz', [0.1, 0.2, 0.3, 0.9]],
  ['activation-mean', [1, 2, 3, 4]],
];
for (const [criterion, scores] of RANKING_UNITS) {
  test(`${criterion}: a unit that a mask takes counts towards the target, whatever its score`, async () => {
    const plan = await planWith(LAST_UNIT, { criterion, sparsity: 0.5 }, scores);
    assert.deepEqual(await emptyUnits(plan), [0, 3]);
    assert.equal(plan.totals.zeros, 6);
    const alone = await planWith(LAST_UNIT, { criterion, sparsity: 0.25 }, scores);
    assert.deepEqual(await emptyUnits(alone), [3]);
    assert.equal(alone.entries[0]!.threshold, null, 'no score decided');
  });
}

test('fpgm measures distances between what masks leave', async () => {
  // Filters (1,-1,1), (2,-2,2), (9,9,9), (5,-5,5); of the third the mask leaves (9,0,0).
  const values = [1, 2, 9, 5, -1, -2, 9, -5, 1, 2, 9, 5];
  const of = memoryModel([matrix('w', [3, 4], values)]);
  const mask = maskOf([1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1]);
  const left = [
    [1, -1, 1],
    [2, -2, 2],
    [9, 0, 0],
    [5, -5, 5],
  ];
  const distances = left.map((a) =>
    left.reduce((sum, b) => sum + Math.hypot(...a.map((value, i) => value - b[i]!)), 0),
  );
  const plan = await planWith(mask, { criterion: 'fpgm', sparsity: 0.25 }, [], of);
  const nearest = distances.indexOf(Math.min(...distances));
  assert.deepEqual(await emptyUnits(plan, of), [nearest]);
  assert.equal(plan.entries[0]!.threshold, distances[nearest]);
});

test('norms of units are those of the weights that masks leave', async () => {
  // Of the last unit the mask leaves one 4: norm 4, below 3 * sqrt(3) of the third.
  const mask = maskOf([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0]);
  const plan = await planWith(mask, { criterion: 'l2-norm', sparsity: 0.75 });
  assert.deepEqual(await emptyUnits(plan), [0, 1, 3]);
  assert.equal(plan.entries[0]!.threshold, 4);
});

test('of signed scores a masked weight adds nothing to its unit', async () => {
  // Sums 3, 6, 9 and 12; the mask takes one weight of the last unit, which then has 8.
  const mask = maskOf([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  const scores = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4];
  const method = { criterion: 'grasp', granularity: 'unit', sparsity: 0.5 };
  const plan = await planWith(mask, method, scores);
  assert.deepEqual(await emptyUnits(plan), [0, 1]);
  assert.equal(plan.entries[0]!.threshold, 6);
  const most = await planWith(mask, { ...method, sparsity: 0.75 }, scores);
  assert.deepEqual(await emptyUnits(most), [0, 1, 3]);
  assert.equal(most.entries[0]!.threshold, 8);
});

for (const granularity of ['weight', 'unit', 'block:3x1', 'block:1x3']) {
  test(`a threshold of 0 takes what scores 0 beside a mask, too: ${granularity}`, async () => {
    const scores = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
    const method = { criterion: 'taylor', granularity, threshold: 0 };
    const plan = await planWith(LAST_UNIT, method, scores);
    assert.deepEqual(await emptyUnits(plan), granularity === 'block:3x1' ? [3] : [0, 2, 3]);
  });
}

test('zero scores of a layer without a mask do not go in the place of what a mask takes', async () => {
  const two = memoryModel([matrix('v', [3, 4], WEIGHTS), matrix('w', [3, 4], WEIGHTS)]);
  const method = { criterion: 'taylor', sparsity: 3 / 24 };
  const plan = await planWith(LAST_UNIT, method, new Array<number>(12).fill(0), two);
  assert.deepEqual(
    plan.entries.map(({ zerosAfter }) => zerosAfter),
    [0, 3],
  );
});

test('a layer cannot have single weights where the criterion ranks whole units', async () => {
  for (const granularity of ['weight', '2:4', 'block:1x2'] as const) {
    const recipe = parseRecipe({ criterion: 'l2-norm', layers: { w: { granularity } } }, 'test');
    await assert.rejects(
      planPrune(model, recipe, unattended),
      (error) =>
        error instanceof UsageError &&
        /layers\["w"\]: found granularity .* with criterion l2-norm.*allowed: unit/.test(
          error.message,
        ),
    );
  }
});

test('a bias loses what heads take of it and what masks do', async () => {
  const [entry] = (await planWith(LAST_UNIT, {})).entries;
  const of = memoryModel([matrix('w', [3, 4], WEIGHTS), matrix('b', [1, 4], [1, 2, 3, 4])]);
  const layer = { ...of.layers[0]!, bias: 'b' };
  const entries = [{ ...entry!, maskedBias: { name: 'b', mask: Uint8Array.of(0b0001) } }];
  const masks = new Map([['b', Uint8Array.of(0b1000)]]);
  const tensors = [{ layer, tensor: of.tensors[0]!, setting: {} }];
  const given = { tensors, masks, hidden: new Map(), onChunk: () => undefined };
  const masked = await applyGivenMasks(of, entries, given);
  assert.deepEqual(cutsByTensor(masked).get('b')!.mask, Uint8Array.of(0b1001));
});

test('weights that have their biases in one tensor take of it together', async () => {
  const [entry] = (await planWith(LAST_UNIT, {})).entries;
  const entries = [0b0001, 0b0110].map((bits, i) => ({
    ...entry!,
    tensor: `w${i}`,
    maskedBias: { name: 'b', mask: Uint8Array.of(bits) },
  }));
  assert.deepEqual(cutsByTensor(entries).get('b')!.mask, Uint8Array.of(0b0111));
});
