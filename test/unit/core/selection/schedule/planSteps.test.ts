import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNIT_REDUCTIONS } from '../../../../../src/core/criteria/criterion';
import type { ScoreRequest } from '../../../../../src/core/criteria/scoringPort';
import type { Model } from '../../../../../src/core/model/model';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { type ProgressReport, unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { SCHEDULE_KINDS } from '../../../../../src/core/recipe/recipe';
import { packedModelBytes } from '../../../../../src/core/report/packedSize';
import type { PlanEntry } from '../../../../../src/core/report/plan';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { type PlanScoring, withoutNetwork } from '../../../../../src/core/selection/planScoring';
import { roundHalfEven } from '../../../../../src/core/selection/roundHalfEven';
import { sparsityAt } from '../../../../../src/core/selection/schedule/sparsityAt';
import { memoryModel } from '../../../../helpers/memoryModel';
import { matrix, randomMatrices } from '../../../../helpers/randomTensors';
import { seededRandom } from '../../../../helpers/random';
import { scoresInMemory, type ScoreValues } from '../../../../helpers/scoresInMemory';
import { zeroedBy } from '../../../../helpers/zeroedBy';

const recipe = (fields: object): ReturnType<typeof parseRecipe> => parseRecipe(fields, 'test');

/** New scores at every step, many of them equal or zero: what is gone has any score, too. */
function restlessScores(seed: number, ranksUnits = 0): ScoreValues {
  const random = seededRandom(seed);
  return (_, elementCount) =>
    Float32Array.from({ length: ranksUnits === 0 ? elementCount : ranksUnits }, () =>
      random() < 0.3 ? 0 : random() - 0.5,
    );
}

/** Matrices of 8 rows and 12 columns. */
function evenModel(seed: number): Model {
  const random = seededRandom(seed);
  return memoryModel(
    ['a', 'b', 'c'].map((name) =>
      matrix(
        name,
        [8, 12],
        Float32Array.from({ length: 96 }, () => random() - 0.5),
      ),
    ),
  );
}

/** That nothing that is gone in one list of cuts is back in the next. */
async function assertGrowing(
  model: Model,
  steps: readonly (readonly PlanEntry[])[],
): Promise<void> {
  let before: readonly (readonly boolean[])[] | null = null;
  for (const [step, cuts] of steps.entries()) {
    const gone = await zeroedBy(model, cuts);
    before?.forEach((mask, tensor) =>
      mask.forEach((was, i) => {
        assert.ok(!was || gone[tensor]![i] === true, `step ${step}: ${tensor}, ${i} came back`);
      }),
    );
    before = gone;
  }
}

const METHODS: readonly (readonly [string, object])[] = [
  ['single weights over the model', {}],
  ['single weights of each layer', { scope: 'layer' }],
  ['weights by Erdos-Renyi kernel', { allocation: 'erk' }],
  ['weights within a maximum', { maxLayerSparsity: 0.75 }],
  ['whole units', { granularity: 'unit' }],
  ['input units of each layer', { granularity: 'unit:input', scope: 'layer' }],
  ['2 of 4 weights', { granularity: '1:4' }],
  ['blocks', { granularity: 'block:2x4' }],
];

for (const [what, fields] of METHODS) {
  test(`${what}: steps end with as many as at once, and what is gone stays gone`, async () => {
    const model = evenModel(41);
    const method = { criterion: 'taylor', sparsity: 0.7, ...fields };
    const atOnce = await planPrune(
      model,
      recipe(method),
      unattended,
      scoresInMemory(model, restlessScores(42)),
    );
    for (const kind of SCHEDULE_KINDS) {
      const seen: Pick<ScoreRequest, 'cuts'>[] = [];
      const scoring = scoresInMemory(model, restlessScores(43), seen);
      const schedule = { kind, steps: 5 };
      const plan = await planPrune(model, recipe({ ...method, schedule }), unattended, scoring);
      assert.equal(plan.totals.zeros, atOnce.totals.zeros, kind);
      assert.equal(seen.length, 5);
      assert.deepEqual(seen[0]!.cuts, []);
      await assertGrowing(model, [...seen.slice(1).map(({ cuts }) => cuts), plan.entries]);
    }
  });
}

test('a number of packed bytes is reached in steps, and what is gone stays gone', async () => {
  const model = evenModel(56);
  const seen: Pick<ScoreRequest, 'cuts'>[] = [];
  const fields = { criterion: 'taylor', maxBytes: 700, schedule: { kind: 'agp', steps: 4 } };
  const scoring = scoresInMemory(model, restlessScores(57), seen);
  const plan = await planPrune(model, recipe(fields), unattended, scoring);
  const bytes = seen.slice(1).map(({ cuts }) => packedModelBytes(model, cuts));
  bytes.forEach((left, i) => assert.ok(left < (bytes[i - 1] ?? 1152)));
  assert.ok(packedModelBytes(model, plan.entries) <= 700);
  assert.ok(packedModelBytes(model, plan.entries) > 700 - 4);
  await assertGrowing(model, [...seen.slice(1).map(({ cuts }) => cuts), plan.entries]);
});

test('units that are ranked as such stay gone over the steps', async () => {
  const model = evenModel(44);
  const seen: Pick<ScoreRequest, 'cuts'>[] = [];
  const scoring = scoresInMemory(model, restlessScores(45, 12), seen);
  const fields = { criterion: 'apoz', sparsity: 0.5, schedule: { kind: 'linear', steps: 4 } };
  const plan = await planPrune(model, recipe(fields), unattended, scoring);
  assert.equal(plan.entries.flatMap(({ cut }) => cut.zeroedUnits).length, 18);
  await assertGrowing(model, [...seen.slice(1).map(({ cuts }) => cuts), plan.entries]);
});

test('signed scores take what is gone for the lowest', async () => {
  const model = evenModel(46);
  for (const granularity of ['weight', 'unit', '2:4']) {
    const seen: Pick<ScoreRequest, 'cuts'>[] = [];
    const scoring = scoresInMemory(model, restlessScores(47), seen);
    const schedule = { kind: 'cosine', steps: 4 };
    const fields = { criterion: 'grasp', sparsity: 0.5, granularity, schedule };
    const plan = await planPrune(model, recipe(fields), unattended, scoring);
    await assertGrowing(model, [...seen.slice(1).map(({ cuts }) => cuts), plan.entries]);
    if (granularity === 'weight') assert.equal(plan.totals.zeros, 144);
  }
});

for (const reduction of UNIT_REDUCTIONS) {
  test(`signed scores as ${reduction}: blocks and units end with as many as at once, and stay gone`, async () => {
    const model = evenModel(59);
    for (const granularity of ['block:2x4', 'unit', 'unit:input']) {
      for (const order of ['lowest-first', 'highest-first']) {
        const fields = { criterion: 'grasp', sparsity: 0.5, options: { reduction, order } };
        const seen: Pick<ScoreRequest, 'cuts'>[] = [];
        const scoring = scoresInMemory(model, restlessScores(60), seen);
        const method = { ...fields, granularity, schedule: { kind: 'linear', steps: 4 } };
        const plan = await planPrune(model, recipe(method), unattended, scoring);
        await assertGrowing(model, [...seen.slice(1).map(({ cuts }) => cuts), plan.entries]);
        assert.equal(plan.totals.zeros, 144, granularity);
      }
    }
  });
}

test('what each layer costs is measured once, however many steps there are', async () => {
  const model = evenModel(58);
  let measured = 0;
  const scoring: PlanScoring = {
    ...scoresInMemory(model, restlessScores(59)),
    sensitivity: () => {
      measured++;
      const points = [{ sparsity: 0.5, lossIncrease: 1 }];
      return Promise.resolve([
        { tensor: 'a', points },
        { tensor: 'b', points: [{ sparsity: 0.9, lossIncrease: 0.5 }] },
      ]);
    },
  };
  const schedule = { kind: 'linear', steps: 4 };
  const fields = { criterion: 'taylor', sparsity: 0.5, allocation: 'sensitivity', schedule };
  const plan = await planPrune(model, recipe(fields), unattended, scoring);
  assert.equal(measured, 1);
  assert.equal(plan.totals.zeros, 144);
  assert.ok(plan.entries[1]!.zerosAfter > plan.entries[0]!.zerosAfter);
});

test('at each step as much is gone as the schedule has it', async () => {
  const model = evenModel(48);
  const seen: Pick<ScoreRequest, 'cuts'>[] = [];
  const schedule = { kind: 'agp', steps: 6 } as const;
  const fields = { criterion: 'taylor', sparsity: 0.9, schedule };
  await planPrune(
    model,
    recipe(fields),
    unattended,
    scoresInMemory(model, restlessScores(49), seen),
  );
  for (let step = 1; step < 6; step++) {
    const gone = seen[step]!.cuts.reduce((sum, { zerosAfter }) => sum + zerosAfter, 0);
    assert.equal(gone, roundHalfEven(288 * sparsityAt(schedule, step, 0.9)), `step ${step}`);
  }
});

test('a scale of magnitudes that does not change gives the very plan that one step gives', async () => {
  const random = seededRandom(50);
  for (const fields of [{}, { granularity: 'unit' }, { granularity: '2:4' }, { scope: 'layer' }]) {
    const model = memoryModel(randomMatrices(random, true));
    const atOnce = await planPrune(model, recipe({ ...fields, sparsity: 0.6 }), unattended);
    const schedule = { kind: 'agp', steps: 7 };
    const stepped = await planPrune(
      model,
      recipe({ ...fields, sparsity: 0.6, schedule }),
      unattended,
    );
    assert.deepEqual(stepped, atOnce);
  }
});

/** Between the steps nothing changes but what is written down. */
function watching(
  steps: { cuts: readonly PlanEntry[]; step: number; steps: number }[],
): PlanScoring {
  return {
    ...withoutNetwork,
    recover: (step) => {
      steps.push(step);
      return Promise.resolve(step.cuts);
    },
  };
}

test('recovery is called between the steps with what is gone, and unchanged weights give the plan of one step', async () => {
  const random = seededRandom(51);
  for (const fields of [{}, { granularity: 'unit' }, { granularity: '1:4' }]) {
    const model = evenModel(Math.floor(1000 * random()));
    const steps: { cuts: readonly PlanEntry[]; step: number; steps: number }[] = [];
    const schedule = { kind: 'exponential', steps: 4 };
    const stepped = await planPrune(
      model,
      recipe({ ...fields, sparsity: 0.6, schedule }),
      unattended,
      watching(steps),
    );
    assert.deepEqual(
      steps.map(({ step, steps: of }) => [step, of]),
      [
        [1, 4],
        [2, 4],
        [3, 4],
      ],
    );
    await assertGrowing(model, [...steps.map(({ cuts }) => cuts), stepped.entries]);
    const atOnce = await planPrune(model, recipe({ ...fields, sparsity: 0.6 }), unattended);
    assert.deepEqual(await zeroedBy(model, stepped.entries), await zeroedBy(model, atOnce.entries));
  }
});

test('the next step ranks the weights as they recovered', async () => {
  const model = memoryModel([matrix('a', [1, 6], [1, 2, 3, 4, 5, 6])]);
  const scoring: PlanScoring = {
    ...withoutNetwork,
    recover: ({ cuts }) =>
      Promise.resolve(
        cuts.map((entry) => ({
          ...entry,
          cut: { ...entry.cut, values: Float32Array.of(0, 20, 30, 4, 5, 1) },
        })),
      ),
  };
  const fields = { sparsity: 0.5, schedule: { kind: 'linear', steps: 3 } };
  const plan = await planPrune(model, recipe(fields), unattended, scoring);
  const values = await readTensorValues(model, model.tensors[0]!, plan.entries[0]!.cut);
  assert.deepEqual([...values], [0, 20, 30, 0, 5, 0]);
});

test('progress runs once over all steps and never falls', async () => {
  const model = evenModel(52);
  const reports: ProgressReport[] = [];
  const control = {
    signal: { aborted: false },
    report: (one: ProgressReport) => reports.push(one),
  };
  const fields = { criterion: 'taylor', sparsity: 0.5, schedule: { kind: 'agp', steps: 3 } };
  await planPrune(model, recipe(fields), control, scoresInMemory(model, restlessScores(53)));
  const shares = reports.map(({ done, total }) => done / total);
  assert.ok(shares.length > 3);
  shares.forEach((share, i) => assert.ok(share >= (shares[i - 1] ?? 0) && share <= 1));
  assert.ok(shares.at(-1)! > 2 / 3);
});

test('a cancel between two steps stops before the next', async () => {
  const model = evenModel(54);
  const signal = { aborted: false };
  const scores = restlessScores(55);
  let asked = 0;
  const scoring = scoresInMemory(model, (...given) => {
    signal.aborted = ++asked > 3;
    return scores(...given);
  });
  const fields = { criterion: 'taylor', sparsity: 0.5, schedule: { kind: 'agp', steps: 9 } };
  const control = { signal, report: () => undefined };
  await assert.rejects(planPrune(model, recipe(fields), control, scoring), {
    name: 'CancelledError',
  });
  assert.ok(asked <= 6, 'three tensors a step');
});
