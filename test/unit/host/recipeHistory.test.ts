import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import { isSameRecipe, RecipeHistory } from '../../../src/host/recipe/recipeHistory';

test('undo gives back each earlier recipe, the last one first', () => {
  const history = new RecipeHistory(DEFAULT_RECIPE);
  history.change({ ...DEFAULT_RECIPE, sparsity: 0.6 });
  history.change({ ...DEFAULT_RECIPE, sparsity: 0.7 });
  assert.ok(history.undo());
  assert.equal(history.recipe.sparsity, 0.6);
  assert.ok(history.undo());
  assert.equal(history.recipe, DEFAULT_RECIPE);
  assert.ok(!history.canUndo);
  assert.ok(!history.undo());
});

test('every change has a revision of its own, an undone one too', () => {
  const history = new RecipeHistory(DEFAULT_RECIPE);
  history.change({ ...DEFAULT_RECIPE, sparsity: 0.6 });
  history.undo();
  history.change({ ...DEFAULT_RECIPE, sparsity: 0.6 });
  assert.equal(history.revision, 3);
});

test('a change that changes nothing is no step', () => {
  const history = new RecipeHistory(DEFAULT_RECIPE);
  const same = Object.fromEntries(Object.entries(DEFAULT_RECIPE).reverse());
  assert.ok(isSameRecipe(DEFAULT_RECIPE, same as never));
  assert.ok(!history.change({ ...DEFAULT_RECIPE }));
  assert.deepEqual([history.revision, history.canUndo], [0, false]);
});

test('a recipe from a file starts anew: there is nothing to take back before it', () => {
  const history = new RecipeHistory(DEFAULT_RECIPE);
  history.change({ ...DEFAULT_RECIPE, sparsity: 0.6 });
  history.restart({ ...DEFAULT_RECIPE, scope: 'layer' });
  assert.deepEqual([history.revision, history.canUndo], [2, false]);
});
