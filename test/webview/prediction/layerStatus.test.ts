import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isListed, layerStatuses } from '../../../webview/prediction/layerStatus';
import { layerView } from '../panelFixtures';

const NO_RULES = { lock: [], exclude: [], only: [] };

test('a layer without rules against it is pruned', () => {
  assert.deepEqual(layerStatuses([layerView('a')], NO_RULES, []), [{ kind: 'pruned' }]);
});

test('what the file forbids is said before what the user has set', () => {
  const layer = layerView('a', { prunable: false, lockedBy: 'dtype' });
  const statuses = layerStatuses([layer], { ...NO_RULES, lock: ['a'] }, []);
  assert.deepEqual(statuses, [{ kind: 'never', reason: 'dtype' }]);
});

test('a lock is by the exact name, an exclusion by glob and says which', () => {
  const layers = [layerView('fc1'), layerView('fc2'), layerView('conv')];
  const statuses = layerStatuses(layers, { ...NO_RULES, lock: ['fc1'], exclude: ['f*'] }, []);
  assert.deepEqual(statuses, [
    { kind: 'locked' },
    { kind: 'excluded', glob: 'f*' },
    { kind: 'pruned' },
  ]);
});

test('where only some layers are chosen the others are not', () => {
  const statuses = layerStatuses(
    [layerView('a'), layerView('b')],
    { ...NO_RULES, only: ['a'] },
    [],
  );
  assert.deepEqual(statuses, [{ kind: 'pruned' }, { kind: 'notChosen' }]);
});

test('an end that the plan leaves out says which; a lock is said before it', () => {
  const layers = [layerView('first'), layerView('last'), layerView('other')];
  const ends = [
    { layer: 'first', tensor: 'first/kernel', end: 'inputs' },
    { layer: 'last', tensor: 'last/kernel', end: 'outputs' },
  ] as const;
  assert.deepEqual(layerStatuses(layers, { ...NO_RULES, lock: ['first'] }, ends), [
    { kind: 'locked' },
    { kind: 'end', end: 'outputs' },
    { kind: 'pruned' },
  ]);
});

test('normalizations and layers without weights are not listed, locked weights are', () => {
  const locked = { prunable: false } as const;
  assert.equal(isListed(layerView('a', { ...locked, lockedBy: 'normalization' })), false);
  assert.equal(isListed(layerView('a', { ...locked, lockedBy: 'no-weight', weight: null })), false);
  assert.equal(isListed(layerView('a', { ...locked, lockedBy: 'quantized' })), true);
});
