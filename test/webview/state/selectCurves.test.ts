import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SweepPoint } from '../../../src/core/sweep/sweep';
import { curvesOf } from '../../../webview/state/selectCurves';
import { withMethod } from '../../../webview/state/takeOver';
import { heard, openedPanel, recipeWith } from '../panelFixtures';
import { sweepFixture } from '../preview/sweepFixture';

test('the best under the bound and the bound itself are those of the result', () => {
  const curves = curvesOf(sweepFixture(1));
  const { best, curves: all, baseline, limit } = curves;
  assert.ok(best !== null);
  assert.equal(all[best.curve]?.method.criterion, 'lamp');
  assert.equal(best.best.sparsity, 0.7);
  assert.equal(baseline, 0.963);
  assert.ok(Math.abs((limit ?? 0) - 0.953) < 1e-12);
});

test('a criterion that cannot be used has a reason and no points, and the others theirs', () => {
  const { curves } = curvesOf(sweepFixture(1));
  const failed = curves.find(({ method }) => method.criterion === 'grasp');
  assert.match(failed?.problem ?? '', /second derivatives/);
  assert.deepEqual(failed?.points, []);
  const values = curves.find(({ method }) => method.criterion === 'taylor')?.points;
  assert.deepEqual(
    values?.map(({ value }) => value),
    [0.961, 0.959, 0.952, 0.948, 0.86],
  );
});

test('while it runs, the points that came are drawn in the order of their sparsities', () => {
  const done = sweepFixture(1);
  const points = done.result?.criteria[0]?.seeds[0]?.points ?? [];
  const [first, second, third] = points;
  assert.ok(first && second && third);
  const started = { ...done, parts: [], result: null };
  const state = heard(
    [
      { type: 'sweep', sweep: started },
      { type: 'sweepPart', part: { method: 0, seed: 0, points: [third] } },
      { type: 'sweepPart', part: { method: 0, seed: 0, points: [first, second] } },
    ],
    openedPanel(),
  );
  assert.ok(state.sweep);
  const { curves, baseline, best } = curvesOf(state.sweep);
  assert.deepEqual(
    curves[0]?.points.map(({ sparsity }) => sparsity),
    [0.5, 0.6, 0.7],
  );
  assert.equal(baseline, null);
  assert.equal(best, null);
});

test('of several seeds a curve is the mean', () => {
  const done = sweepFixture(1);
  const point = done.result?.criteria[0]?.seeds[0]?.points[0];
  assert.ok(point && done.result);
  const other: SweepPoint = { ...point, value: point.value - 0.2 };
  const seeds = [point, other].map((one, seed) => ({ seed, samples: null, points: [one] }));
  const criteria = [{ criterion: 'random', granularity: 'weight', seeds } as const];
  const { curves } = curvesOf({ ...done, result: { ...done.result, criteria } });
  assert.ok(Math.abs((curves[0]?.points[0]?.value ?? 0) - (point.value - 0.1)) < 1e-12);
});

test('what is taken over is the method at its sparsity, and nothing else changes', () => {
  const recipe = recipeWith({ threshold: 0.1, exclude: ['fc'], options: { sigma: 1 } });
  const taken = withMethod(recipe, { criterion: 'apoz', granularity: 'unit' }, 0.7);
  assert.deepEqual(taken, {
    ...recipeWith({ exclude: ['fc'] }),
    criterion: 'apoz',
    granularity: 'unit',
    sparsity: 0.7,
  });
});

test('the sparsities are those of the points, which N:M has of its own; while it runs those asked for too', () => {
  const done = sweepFixture(1);
  assert.deepEqual(curvesOf(done).sparsities, done.sparsities);
  const point = done.result?.criteria[0]?.seeds[0]?.points[0];
  assert.ok(point && done.result);
  const points = [{ ...point, sparsity: 0.25 }];
  const part = { method: 0, seed: 0, points };
  const running = curvesOf({ ...done, parts: [part], result: null });
  assert.deepEqual(running.sparsities, [0.25, ...done.sparsities]);
  const criteria = [{ ...done.result.criteria[0]!, seeds: [{ seed: 0, samples: null, points }] }];
  const ended = curvesOf({ ...done, result: { ...done.result, criteria } });
  assert.deepEqual(ended.sparsities, [0.25]);
});
