import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesGlob } from '../../../src/core/selection/layerGlob';
import {
  globOfName,
  withExclude,
  withExcludedLayer,
  withLayerTarget,
  withLock,
  withoutLayerTarget,
  withoutLayerTargets,
} from '../../../webview/state/recipeEdits';
import { targetKind, withSparsity, withThreshold } from '../../../webview/state/targetEdits';
import { recipeWith } from '../panelFixtures';

test('a recipe has one target: the other kind goes, and is absent rather than undefined', () => {
  const byThreshold = withThreshold(recipeWith({}), 0.1, 0.2);
  assert.equal(targetKind(byThreshold), 'unitThreshold');
  assert.equal('sparsity' in byThreshold, false);
  const bySparsity = withSparsity(byThreshold, 0.4);
  assert.equal(targetKind(bySparsity), 'sparsity');
  assert.equal('threshold' in bySparsity || 'unitThreshold' in bySparsity, false);
  assert.equal(targetKind(withThreshold(bySparsity, 0.1, null)), 'threshold');
});

test('exclusions are typed with commas', () => {
  assert.deepEqual(withExclude(recipeWith({}), ' fc*, conv1 ,').exclude, ['fc*', 'conv1']);
});

test('a layer is locked once, and unlocked wholly', () => {
  const locked = withLock(withLock(recipeWith({}), 'a', true), 'a', true);
  assert.deepEqual(locked.lock, ['a']);
  assert.deepEqual(withLock(locked, 'a', false).lock, []);
});

test('excluding a layer by name leaves the globs of others alone', () => {
  const excluded = withExcludedLayer(recipeWith({ exclude: ['fc*'] }), 'a', true);
  assert.deepEqual(excluded.exclude, ['fc*', 'a']);
  assert.deepEqual(withExcludedLayer(excluded, 'a', false).exclude, ['fc*']);
});

test('the glob of a name matches that name, whatever characters it has', () => {
  for (const name of ['block[0].conv*', 'a{b}', 'w?']) {
    assert.ok(matchesGlob(name, globOfName(name)));
  }
});

test('a layer has a threshold or a sparsity of its own, and keeps its unit threshold', () => {
  const recipe = recipeWith({ layers: { a: { unitThreshold: null, sparsity: 0.5 } } });
  const changed = withLayerTarget(recipe, 'a', { threshold: 0.1 });
  assert.deepEqual(changed.layers['a'], { unitThreshold: null, threshold: 0.1 });
  assert.deepEqual(withoutLayerTarget(changed, 'a').layers['a'], { unitThreshold: null });
});

test('a layer without settings of its own is not in the recipe', () => {
  const recipe = recipeWith({ layers: { a: { sparsity: 0.5 }, b: { threshold: 1 } } });
  assert.deepEqual(withoutLayerTarget(recipe, 'a').layers, { b: { threshold: 1 } });
  assert.deepEqual(withoutLayerTargets(recipe).layers, {});
});
