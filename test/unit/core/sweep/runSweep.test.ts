import assert from 'node:assert/strict';
import test from 'node:test';
import { CancelledError, UsageError } from '../../../../src/core/errors';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../../../src/core/recipe/recipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { runSweep } from '../../../../src/core/sweep/runSweep';
import type { SweepMethod, SweepPart, SweepRequest } from '../../../../src/core/sweep/sweep';
import { compareFiles } from '../../../../src/engines/jobs/compareFiles';
import type { JobMethod } from '../../../../src/protocol/workerJob';
import { fixturePath } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { networksInProcess } from '../../../helpers/networksInProcess';

const FIXTURE = 'onnx/digits_mlp_legacy.onnx';
const digits = { file: fixturePath('datasets/digits.npz'), scale: 1 / 16 };
const evaluated = { ...digits, split: 'test' };

function recipeWith(fields: object = {}): Recipe {
  return parseRecipe({ data: evaluated, seed: 3, ...fields }, 'the test');
}

function requestFor(
  methods: readonly SweepMethod[],
  fields: Partial<SweepRequest> = {},
): SweepRequest {
  return {
    path: fixturePath(FIXTURE),
    recipe: recipeWith(),
    methods,
    sparsities: [0.9, 0, 0.5],
    seeds: [3],
    ...fields,
  };
}

test('a point has the figures, intervals and tests of a comparison with the same cut', async (t) => {
  const { model } = await openFixture(t, FIXTURE);
  const request = requestFor([{ criterion: 'magnitude' }]);
  const result = await runSweep(request, networksInProcess(), unattended);
  const points = result.criteria[0]!.seeds[0]!.points;
  assert.deepEqual(
    points.map(({ sparsity }) => sparsity),
    [0, 0.5, 0.9],
  );
  for (const point of points) {
    const recipe = recipeWith({ sparsity: point.sparsity });
    const { entries, totals } = await planPrune(model, recipe, unattended);
    const subject = { path: request.path, architecture: null };
    const pair = { before: { ...subject, cuts: [] }, after: { ...subject, cuts: entries } };
    const compared = await compareFiles(
      { ...pair, data: evaluated, seed: 3, latency: false },
      unattended,
    );
    const { after, comparison } = compared;
    assert.equal(point.zeros, totals.zeros);
    assert.equal(point.correct, after!.correct);
    assert.equal(point.value, after!.accuracy);
    assert.equal(point.loss, after!.loss);
    assert.deepEqual(point.interval, after!.intervals!.accuracy);
    assert.deepEqual(point.lossInterval, after!.intervals!.loss);
    const expected = comparison.differences.find(({ measure }) => measure === 'accuracy')!;
    assert.deepEqual(point.difference.test, expected.test);
    assert.ok(Math.abs(point.difference.difference - expected.difference) < 1e-12);
  }
});

test('scores are found once for each method and seed, on data of their own', async () => {
  const jobs: JobMethod[] = [];
  const calibration = { ...digits, split: 'train', sample: { count: 100 } };
  const request = requestFor([{ criterion: 'gradient' }, { criterion: 'magnitude' }], {
    recipe: recipeWith({ calibration }),
    seeds: [0, 1],
  });
  const ports = networksInProcess((method) => jobs.push(method));
  const { criteria, samples } = await runSweep(request, ports, unattended);
  assert.equal(jobs.filter((method) => method === 'score').length, 2);
  const [gradient, magnitude] = criteria;
  assert.equal(samples, 397);
  assert.deepEqual(
    gradient!.seeds.map(({ seed, samples: used }) => [seed, used]),
    [
      [0, 100],
      [1, 100],
    ],
  );
  assert.notDeepEqual(gradient!.seeds[0]!.points[2], gradient!.seeds[1]!.points[2]);
  assert.deepEqual(
    magnitude!.seeds.map(({ seed, samples: used }) => [seed, used]),
    [[0, null]],
    'nothing of magnitude is drawn',
  );
});

test('the best is the highest sparsity that holds the bounds, of a method and of all', async () => {
  const bounds = { accuracyDrop: 0.02 };
  const request = requestFor([{ criterion: 'random' }, { criterion: 'magnitude' }], {
    recipe: recipeWith({ bounds }),
    sparsities: [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9],
  });
  const { best, bestOfEach, baseline, criteria } = await runSweep(
    request,
    networksInProcess(),
    unattended,
  );
  const expected = criteria.map(({ criterion, seeds }) => {
    const held = seeds[0]!.points.filter(
      ({ accuracy }) => baseline.accuracy! - accuracy! <= bounds.accuracyDrop + 1e-12,
    );
    return [criterion, held.at(-1)!.sparsity];
  });
  assert.deepEqual(
    bestOfEach.map(({ criterion, sparsity }) => [criterion, sparsity]),
    expected,
  );
  assert.deepEqual([best!.criterion, best!.sparsity], expected[1]);
  assert.ok(best!.sparsity > 0, 'magnitude may take more than nothing');
});

test('a method that cannot be used says why, and the others are swept', async () => {
  const request = requestFor([{ criterion: 'bn-scale' }, { criterion: 'l2-norm' }]);
  const { criteria } = await runSweep(request, networksInProcess(), unattended);
  assert.match(criteria[0]!.problem!, /bn-scale|normali/i);
  assert.deepEqual(criteria[0]!.seeds, []);
  assert.equal(criteria[1]!.granularity, 'unit');
  assert.equal(criteria[1]!.seeds[0]!.points.length, 3);
});

test('parts of a sweep come as they are measured, and make up the whole', async () => {
  const parts: SweepPart[] = [];
  const request = requestFor([{ criterion: 'magnitude' }, { criterion: 'lamp' }]);
  const control = { ...unattended, onPart: (part: SweepPart) => parts.push(part) };
  const { criteria } = await runSweep(request, networksInProcess(), control);
  for (const [method, { seeds }] of criteria.entries()) {
    const told = parts.filter((part) => part.method === method).flatMap(({ points }) => points);
    assert.deepEqual(
      told.sort((one, other) => one.sparsity - other.sparsity),
      seeds[0]!.points,
    );
  }
});

test('progress never goes back and ends with all points', async () => {
  const shares: number[] = [];
  const report = ({ phase, done, total }: { phase: string; done: number; total: number }): void => {
    if (phase === 'evaluate') shares.push(done / total);
  };
  await runSweep(requestFor([{ criterion: 'magnitude' }]), networksInProcess(), {
    ...unattended,
    report,
  });
  assert.deepEqual(
    shares,
    [...shares].sort((one, other) => one - other),
  );
  assert.equal(shares.at(-1), 1);
});

test('a cancelled sweep begins no further job', async () => {
  const signal = { aborted: false };
  const jobs: JobMethod[] = [];
  const ports = networksInProcess((method) => {
    jobs.push(method);
    signal.aborted = true;
  });
  const request = requestFor([{ criterion: 'magnitude' }, { criterion: 'lamp' }]);
  await assert.rejects(runSweep(request, ports, { ...unattended, signal }), CancelledError);
  assert.ok(jobs.length <= ports.concurrency, `${jobs.length} jobs`);
});

const REFUSED: readonly (readonly [string, Partial<SweepRequest>, RegExp])[] = [
  ['no methods', { methods: [] }, /criteria: found 0/],
  ['a sparsity above 1', { sparsities: [0.5, 1.5] }, /sparsities: found 1.5/],
  ['a sparsity that is no number', { sparsities: [NaN] }, /sparsities: found NaN/],
  ['a broken seed', { seeds: [0.5] }, /seeds: found 0.5/],
  ['more sparsities than can be told apart', { sparsities: Array<number>(201).fill(0) }, /201/],
  ['no data', { recipe: parseRecipe({}, 'the test') }, /found no data/],
];

for (const [what, fields, message] of REFUSED) {
  test(`a sweep with ${what} is refused before anything is run`, async () => {
    const ports = networksInProcess(() => assert.fail('a job was run'));
    const request = requestFor([{ criterion: 'magnitude' }], fields);
    await assert.rejects(
      runSweep(request, ports, unattended),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test('N:M is measured once, at the sparsity that it leaves no choice of', async () => {
  const request = requestFor(
    [{ criterion: 'magnitude', granularity: '2:4' }, { criterion: 'magnitude' }],
    { recipe: recipeWith({ bounds: { accuracyDrop: 1 } }) },
  );
  const { criteria, best, bestOfEach } = await runSweep(request, networksInProcess(), unattended);
  const sparsities = criteria.map(({ seeds }) => seeds[0]!.points.map(({ sparsity }) => sparsity));
  assert.deepEqual(sparsities, [[0.5], [0, 0.5, 0.9]]);
  const [pruned] = criteria[0]!.seeds[0]!.points;
  assert.equal(pruned!.zeros, pruned!.elementCount / 2);
  assert.deepEqual(
    bestOfEach.map(({ granularity, sparsity }) => [granularity, sparsity]),
    [
      ['2:4', 0.5],
      ['weight', 0.9],
    ],
  );
  assert.equal(best!.granularity, 'weight');
});

test('N:M keeps the sparsities that are asked for where a layer of another granularity has them', async () => {
  const recipe = recipeWith({ layers: { '/fc1/Gemm': { granularity: 'weight' } } });
  const request = requestFor([{ criterion: 'magnitude', granularity: '2:4' }], { recipe });
  const { criteria } = await runSweep(request, networksInProcess(), unattended);
  const zeros = criteria[0]!.seeds[0]!.points.map((point) => point.zeros);
  assert.equal(new Set(zeros).size, 3);
});
