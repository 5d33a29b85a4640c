import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { SweepMethod, SweepRequest } from '../../../../src/core/sweep/sweep';
import { recipeOfPoint, seedsOf, withoutThresholds } from '../../../../src/core/sweep/sweepRecipes';

function requestOf(fields: object, methods: readonly SweepMethod[] = []): SweepRequest {
  const recipe = parseRecipe(fields, 'test');
  return { path: 'model.onnx', recipe, methods, sparsities: [0.5], seeds: [1, 2, 3] };
}

test('methods that draw by chance are run with every seed, others with the first alone', () => {
  const seeds = (method: SweepMethod, fields: object = {}): readonly number[] =>
    seedsOf(requestOf({ data: { file: 'd.npz' }, ...fields }), method);
  assert.deepEqual(seeds({ criterion: 'random' }), [1, 2, 3]);
  assert.deepEqual(seeds({ criterion: 'stability' }), [1, 2, 3]);
  assert.deepEqual(seeds({ criterion: 'obd', options: { hessian: 'hutchinson' } }), [1, 2, 3]);
  assert.deepEqual(
    seeds({ criterion: 'obd' }, { options: { hessian: 'hutchinson' } }),
    [1, 2, 3],
    'options of the recipe',
  );
  assert.deepEqual(seeds({ criterion: 'obd', options: { hessian: 'exact' } }), [1]);
  assert.deepEqual(seeds({ criterion: 'taylor' }), [1]);
  const sampled = { data: { file: 'd.npz', sample: { count: 8 } } };
  assert.deepEqual(seeds({ criterion: 'taylor' }, sampled), [1, 2, 3]);
  assert.deepEqual(seeds({ criterion: 'magnitude' }, sampled), [1]);
});

test('a method that ranks units leaves out granularities of single layers that it does not know', () => {
  const layers = {
    a: { granularity: '2:4' },
    b: { granularity: 'unit:input', sparsity: 0.1 },
    c: { granularity: 'weight', sparsity: 0.2 },
  };
  const request = requestOf({ criterion: 'taylor', layers });
  const point = { seed: 1, sparsity: 0.5 };
  const ofUnits = recipeOfPoint(request, { criterion: 'l2-norm' }, point);
  assert.deepEqual(ofUnits.layers, {
    a: {},
    b: { granularity: 'unit:input', sparsity: 0.1 },
    c: { sparsity: 0.2 },
  });
  const ofActivations = { criterion: 'taylor', options: { of: 'activations' } } as const;
  assert.deepEqual(recipeOfPoint(request, ofActivations, point).layers, ofUnits.layers);
  assert.deepEqual(recipeOfPoint(request, { criterion: 'magnitude' }, point).layers, layers);
});

test('thresholds of single layers hold for the criterion whose scores they are on, and for no other', () => {
  const layers = { a: { threshold: 0.1, unitThreshold: 2 }, b: { threshold: 3 } };
  const request = requestOf({ criterion: 'taylor', layers });
  const point = { seed: 1, sparsity: 0.5 };
  assert.deepEqual(recipeOfPoint(request, { criterion: 'taylor' }, point).layers, layers);
  const others = recipeOfPoint(request, { criterion: 'magnitude' }, point).layers;
  assert.deepEqual(others, { a: { unitThreshold: 2 }, b: {} });
  assert.deepEqual(withoutThresholds(request.recipe), others);
});
