import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { DEFAULT_RECIPE, parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../../src/core/recipe/recipe';
import { isSameRecipe } from '../../../src/host/recipe/recipeHistory';
import { withAbsolutePaths, withRelativePaths } from '../../../src/host/recipe/recipePaths';
import { recipeText } from '../../../src/host/recipe/recipeText';

const folder = path.join(path.sep, 'w', 'models');

const full: Recipe = {
  ...DEFAULT_RECIPE,
  model: path.join(folder, 'lenet5', 'model.json'),
  output: path.join(folder, 'lenet5.pruned', 'model.json'),
  lock: ['conv1'],
  exclude: ['fc*'],
  layers: { conv2: { sparsity: 0.8, unitThreshold: null } },
  data: {
    file: path.join(path.sep, 'w', 'data', 'mnist.npz'),
    inputs: ['x'],
    rows: [0, null],
    scale: 0.5,
  },
};

test('a recipe that was saved is read back as it was', () => {
  const text = recipeText(withRelativePaths(full, folder));
  const read = withAbsolutePaths(parseRecipe(JSON.parse(text), 'a.prune.json'), folder);
  assert.ok(isSameRecipe(read, full), text);
});

test('a saved recipe holds relative paths with slashes, and nothing that says nothing', () => {
  const text = recipeText(withRelativePaths(full, folder));
  const fields = JSON.parse(text) as Record<string, unknown>;
  assert.equal(fields['model'], 'lenet5/model.json');
  assert.deepEqual((fields['data'] as Record<string, unknown>)['file'], '../data/mnist.npz');
  assert.ok(!('only' in fields));
  assert.equal(Object.keys(fields)[0], 'model');
});
