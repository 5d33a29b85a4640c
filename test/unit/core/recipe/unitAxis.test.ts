import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_RECIPE } from '../../../../src/core/recipe/parseRecipe';
import {
  unitAxisIn,
  unitChoicesOf,
  withUnitAxis,
  withUnitLayout,
} from '../../../../src/core/recipe/unitAxis';

const guessed = { name: 'fc', unitAxis: 0, unitAxisBy: { torch: 0, keras: 1 } };

test('a layer’s own axis wins over the layout, and the layout over the guess', () => {
  assert.equal(unitAxisIn(guessed, DEFAULT_RECIPE), 0);
  const keras = withUnitLayout(DEFAULT_RECIPE, 'keras');
  assert.equal(unitAxisIn(guessed, keras), 1);
  assert.equal(unitAxisIn(guessed, withUnitAxis(keras, 'fc', 0)), 0);
  assert.equal(unitAxisIn({ ...guessed, name: 'other' }, withUnitAxis(keras, 'fc', 0)), 1);
});

test('what the file itself says is not overridden', () => {
  const known = { name: 'fc', unitAxis: 1, unitAxisBy: null };
  assert.equal(unitAxisIn(known, withUnitAxis(DEFAULT_RECIPE, 'fc', 0)), 1);
});

test('a choice goes without a trace, and leaves the layer’s other settings alone', () => {
  const chosen = withUnitAxis(withUnitLayout(DEFAULT_RECIPE, 'torch'), 'fc', 1);
  assert.deepEqual(withUnitLayout(withUnitAxis(chosen, 'fc', null), null), DEFAULT_RECIPE);
  const recipe = { ...DEFAULT_RECIPE, layers: { fc: { sparsity: 0.3 } } };
  assert.deepEqual(withUnitAxis(recipe, 'fc', 1).layers, { fc: { sparsity: 0.3, unitAxis: 1 } });
  assert.deepEqual(withUnitAxis(withUnitAxis(recipe, 'fc', 1), 'fc', null), recipe);
});

test('the choices of units are all that is told of a recipe', () => {
  const recipe = withUnitAxis(
    { ...DEFAULT_RECIPE, layers: { a: { sparsity: 0.1 }, b: { threshold: 1 } } },
    'b',
    2,
  );
  assert.deepEqual(unitChoicesOf(recipe), { layers: { b: { unitAxis: 2 } } });
});
