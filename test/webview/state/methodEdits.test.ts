import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRITERIA, CRITERION_TRAITS, HESSIAN_SOURCES } from '../../../src/core/criteria/criterion';
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
    for (const before of CRITERIA.filter((criterion) =>
      fitsCriterion({ criterion }, granularity),
    )) {
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

test('criteria of units rank what a layer gives, and only norms whole heads', () => {
  for (const criterion of CRITERIA) {
    const ranked = GRANULARITIES.filter((one) => fitsCriterion({ criterion }, one));
    if (CRITERION_TRAITS[criterion].ranks === 'weights') assert.deepEqual(ranked, GRANULARITIES);
    else if (criterion.endsWith('-norm')) assert.deepEqual(ranked, ['unit', 'unit:input', 'head']);
    else assert.deepEqual(ranked, criterion === 'fpgm' ? ['unit', 'unit:input'] : ['unit']);
  }
});

test('Taylor of activations ranks units, and going back to weights may keep them', () => {
  const recipe = recipeWith({
    criterion: 'taylor',
    granularity: '2:4',
    layers: { a: { granularity: 'head' }, b: { granularity: 'unit', sparsity: 0.1 } },
  });
  const units = withOption(withoutTarget(recipe), 'of', 'activations');
  assert.equal(units.granularity, 'unit');
  assert.equal(units.sparsity, 0.5);
  assert.deepEqual(units.layers, { b: { granularity: 'unit', sparsity: 0.1 } });
  assert.deepEqual(parseRecipe(JSON.parse(JSON.stringify(units)), 'test'), units);
  const mean = withOption({ ...recipe, granularity: 'unit' }, 'reduction', 'mean');
  assert.deepEqual(withOption(mean, 'of', 'activations').options, { of: 'activations' });
  assert.equal(withCriterion(units, 'fisher', 0.5).granularity, 'weight');
});

test('random vectors are counted only where they are drawn', () => {
  const obd = withOption(recipeWith({ criterion: 'obd' }), 'hessian', 'hutchinson');
  const counted = withOption(obd, 'probes', 64);
  assert.deepEqual(counted.options, { hessian: 'hutchinson', probes: 64 });
  assert.deepEqual(withOption(counted, 'hessian', 'exact').options, { hessian: 'exact' });
});

test('a threshold below 0 stays only while scores below 0 occur', () => {
  const exact = withOption(recipeWith({ criterion: 'obd' }), 'hessian', 'exact');
  const below = { ...withThreshold(exact, -1, null), layers: { a: { threshold: -2 } } };
  for (const hessian of HESSIAN_SOURCES) {
    const { threshold, layers } = withOption(below, 'hessian', hessian);
    const isSigned = hessian === 'exact' || hessian === 'hutchinson';
    assert.deepEqual([threshold, layers['a']?.threshold], isSigned ? [-1, -2] : [0, 0]);
  }
});
