import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRITERIA, CRITERION_TRAITS } from '../../../src/core/criteria/criterion';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { Granularity } from '../../../src/core/recipe/recipe';
import {
  fitsCriterion,
  withCriterion,
  withField,
  withGranularity,
  withOption,
  withoutMask,
} from '../../../webview/state/methodEdits';
import {
  targetKind,
  withFigure,
  withoutTarget,
  withThreshold,
} from '../../../webview/state/targetEdits';
import { recipeWith } from '../panelFixtures';

const GRANULARITIES: readonly Granularity[] = [
  'weight',
  '2:4',
  'block:4x4',
  'unit',
  'unit:input',
  'head',
];

test('every criterion that is chosen gives a recipe that can be read, whatever was chosen before', () => {
  for (const granularity of GRANULARITIES) {
    for (const before of CRITERIA.filter((one) => fitsCriterion(one, granularity))) {
      for (const after of CRITERIA) {
        const recipe = withCriterion(recipeWith({ criterion: before, granularity }), after, 0.5);
        assert.deepEqual(parseRecipe(JSON.parse(JSON.stringify(recipe)), 'test'), recipe);
      }
    }
  }
});

test('criteria of units are chosen for units, and going back to weights gives single weights', () => {
  const units = withCriterion(recipeWith({}), 'fpgm', 0.5);
  assert.equal(units.granularity, 'unit');
  assert.equal(withCriterion(units, 'taylor', 0.5).granularity, 'weight');
  const byWeights = recipeWith({ criterion: 'taylor', granularity: 'unit' });
  assert.equal(withCriterion(byWeights, 'fisher', 0.5).granularity, 'unit');
});

test('a threshold of one score means nothing for another: it becomes the share it came to', () => {
  const recipe = withThreshold(recipeWith({ layers: { a: { threshold: 0.1 } } }), 0.2, null);
  const changed = withCriterion(recipe, 'gradient', 0.37);
  assert.equal(changed.sparsity, 0.37);
  assert.equal('threshold' in changed, false);
  assert.deepEqual(changed.layers, {});
  const byBytes = withFigure(recipeWith({}), 'maxBytes', 1000);
  assert.equal(withCriterion(byBytes, 'gradient', 0.37).maxBytes, 1000);
});

test('options stay only where they do something', () => {
  const obs = withOption(recipeWith({ criterion: 'obs' }), 'damping', 0.1);
  const whole = withOption(obs, 'extent', 'network');
  assert.deepEqual(withCriterion(whole, 'least-squares', 0.5).options, { damping: 0.1 });
  assert.equal('options' in withCriterion(whole, 'magnitude', 0.5), false);
  const taylor = recipeWith({ criterion: 'taylor', granularity: 'unit' });
  const signed = withOption(taylor, 'reduction', 'signed-sum');
  assert.equal('options' in withGranularity(signed, 'weight'), false);
});

test('an option or a field at its default is absent from the recipe', () => {
  const recipe = recipeWith({ criterion: 'entropy', granularity: 'unit' });
  const active = withOption(recipe, 'entropy', 'active');
  assert.deepEqual(withOption(active, 'entropy', undefined), recipe);
  const scheduled = withField(recipe, 'schedule', { kind: 'agp', steps: 5 });
  assert.deepEqual(withField(scheduled, 'schedule', undefined), recipe);
});

test('a pattern needs no target, and going back takes the share that it had', () => {
  const recipe = withGranularity(withFigure(recipeWith({}), 'macs', 0.5), '1:4');
  assert.equal(targetKind(recipe), null);
  assert.deepEqual(withGranularity(recipe, 'weight'), recipeWith({ sparsity: 0.75 }));
  assert.equal(withCriterion(recipe, 'apoz', 0.6).sparsity, 0.6);
});

test('without its mask a recipe has a target again', () => {
  const masked = withoutTarget(recipeWith({ mask: '/m.npz' }));
  assert.equal(targetKind(masked), null);
  assert.deepEqual(withoutMask(masked), recipeWith({}));
});

test('criteria of units rank units and heads alone', () => {
  for (const criterion of CRITERIA) {
    const ranked = GRANULARITIES.filter((one) => fitsCriterion(criterion, one));
    const all = CRITERION_TRAITS[criterion].ranks === 'weights';
    assert.deepEqual(ranked, all ? GRANULARITIES : ['unit', 'unit:input', 'head']);
  }
});
