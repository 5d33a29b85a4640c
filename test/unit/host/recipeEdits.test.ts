import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import { layerStatus } from '../../../src/host/layers/layerStatus';
import { withData, withExcluded, withLocked } from '../../../src/host/recipe/recipeEdits';
import { layerView } from './layerView';

test('locking twice locks once, and unlocking opens again', () => {
  const locked = withLocked(withLocked(DEFAULT_RECIPE, ['a', 'b'], true), ['b', 'c'], true);
  assert.deepEqual(locked.lock, ['a', 'b', 'c']);
  assert.deepEqual(withLocked(locked, ['a', 'c'], false).lock, ['b']);
});

test('a name with characters of a glob is excluded as it stands', () => {
  const recipe = withExcluded(DEFAULT_RECIPE, ['block[0]'], true);
  assert.deepEqual(layerStatus(layerView('block[0]'), recipe), {
    kind: 'excluded',
    glob: 'block?0?',
  });
  assert.equal(layerStatus(layerView('block0'), recipe).kind, 'pruned');
  assert.deepEqual(withExcluded(recipe, ['block[0]'], false).exclude, []);
});

test('what the file forbids comes before the lock, and the lock before the globs', () => {
  const recipe = { ...DEFAULT_RECIPE, lock: ['a'], exclude: ['*'] };
  const forbidden = { ...layerView('a'), prunable: false, lockedBy: 'quantized' } as const;
  assert.deepEqual(layerStatus(forbidden, recipe), { kind: 'never', reason: 'quantized' });
  assert.equal(layerStatus(layerView('a'), recipe).kind, 'locked');
  assert.equal(layerStatus(layerView('b'), recipe).kind, 'excluded');
  const only = { ...DEFAULT_RECIPE, only: ['conv*'] };
  assert.equal(layerStatus(layerView('fc'), only).kind, 'notChosen');
});

test('taking the data away leaves no trace of it', () => {
  const recipe = withData(DEFAULT_RECIPE, { file: 'iris.csv' });
  assert.deepEqual(recipe.data, { file: 'iris.csv' });
  assert.deepEqual(withData(recipe, null), DEFAULT_RECIPE);
});
