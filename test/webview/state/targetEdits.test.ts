import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  targetKind,
  withFigure,
  withSparsity,
  withThreshold,
} from '../../../webview/state/targetEdits';
import { recipeWith } from '../panelFixtures';

test('a recipe has one target of six kinds, and the one before is absent', () => {
  const before = withThreshold(recipeWith({}), 0.1, 0.2);
  for (const kind of ['stdFactor', 'macs', 'maxBytes'] as const) {
    const recipe = withFigure(before, kind, 1);
    assert.equal(targetKind(recipe), kind);
    assert.equal('threshold' in recipe || 'unitThreshold' in recipe, false);
    assert.deepEqual(withSparsity(recipe, 0.5), recipeWith({}));
  }
});
