import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelAction } from '../../../webview/state/actions';
import { currentRecipe, isRecipeSettled } from '../../../webview/state/panelState';
import { reduce } from '../../../webview/state/reduce';
import { withLayerTarget, withScope } from '../../../webview/state/recipeEdits';
import { withSparsity } from '../../../webview/state/targetEdits';
import { acted, heard, openedPanel, recipeWith } from '../panelFixtures';

const base = recipeWith({});
const dragged = (threshold: number): PanelAction => ({
  type: 'draft',
  recipe: withLayerTarget(base, 'a', { threshold }),
});

test('a drag is seen at once, tells the host nothing, and is one change when it is let go', () => {
  const { state, send } = acted(openedPanel(), [dragged(0.1), dragged(0.2), dragged(0.3)]);
  assert.deepEqual(send, []);
  assert.equal(currentRecipe(state)?.layers['a']?.threshold, 0.3);
  const committed = reduce(state, { type: 'commit' });
  assert.deepEqual(
    committed.send.map(({ type }) => type),
    ['changeRecipe'],
  );
  assert.equal(currentRecipe(committed.state)?.layers['a']?.threshold, 0.3);
});

test('a drag taken back leaves the recipe as it was', () => {
  const { state, send } = acted(openedPanel(), [dragged(0.1), { type: 'revert' }]);
  assert.deepEqual(send, []);
  assert.deepEqual(currentRecipe(state), base);
});

test('a change that changes nothing is not sent: it would be an empty undo step', () => {
  assert.deepEqual(acted(openedPanel(), [{ type: 'change', recipe: base }]).send, []);
});

test('the answer to an earlier change does not take a later one back', () => {
  const later = withScope(withSparsity(base, 0.7), 'layer');
  const { state } = acted(openedPanel(), [
    { type: 'change', recipe: withSparsity(base, 0.7) },
    { type: 'change', recipe: later },
  ]);
  const answer = (recipe: typeof base, revision: number) =>
    ({ type: 'recipe', recipe, revision, canUndo: true }) as const;
  const half = heard([answer(withSparsity(base, 0.7), 2)], state);
  assert.deepEqual(currentRecipe(half), later);
  assert.equal(isRecipeSettled(half), false);
  const whole = heard([answer(later, 3)], half);
  assert.deepEqual(currentRecipe(whole), later);
  assert.equal(isRecipeSettled(whole), true);
});

test('a change made elsewhere is seen when nothing is on its way', () => {
  const recipe = recipeWith({ lock: ['b'] });
  const state = heard([{ type: 'recipe', recipe, revision: 2, canUndo: true }], openedPanel());
  assert.deepEqual(currentRecipe(state)?.lock, ['b']);
});

test('a wish is asked after the change that is still in hand', () => {
  const { send } = acted(openedPanel(), [dragged(0.1), { type: 'ask', wish: 'prune' }]);
  assert.deepEqual(
    send.map(({ type }) => type),
    ['changeRecipe', 'prune'],
  );
});

test('selecting another layer commits the change of the one before, and forgets what was typed', () => {
  const { state, send } = acted(openedPanel(), [
    { type: 'typeField', field: 'layerThreshold', text: '0.1' },
    dragged(0.1),
    { type: 'select', layer: 'b' },
  ]);
  assert.deepEqual(
    send.map(({ type }) => type),
    ['changeRecipe', 'selectLayer'],
  );
  assert.deepEqual(state.view.fields, {});
});

test('while a prune runs the plan cannot be changed', () => {
  const busy = heard([{ type: 'progress', task: 'prune', report: null }], openedPanel());
  const { state, send } = acted(busy, [
    { type: 'change', recipe: withSparsity(base, 0.9) },
    dragged(0.4),
    { type: 'chooseData', path: null },
  ]);
  assert.deepEqual(send, []);
  assert.deepEqual(currentRecipe(state), base);
});

test('the same settings of the data are not sent again', () => {
  const data = { file: 'mnist.npz', folds: 5 };
  const { send } = acted(openedPanel(), [
    { type: 'changeData', data },
    { type: 'changeData', data },
  ]);
  assert.deepEqual(send, [{ type: 'changeData', data }]);
});

test('a chosen data file is shown as chosen until the host has answered', () => {
  const choices = [{ path: '/d.npz', label: 'd.npz' }];
  const opened = heard([{ type: 'data', choices, selected: null }], openedPanel());
  const { state, send } = acted(opened, [{ type: 'chooseData', path: '/d.npz' }]);
  assert.deepEqual(send, [{ type: 'chooseData', path: '/d.npz' }]);
  assert.deepEqual(state.data?.choosing, { path: '/d.npz' });
  const answered = heard([{ type: 'data', choices, selected: null }], state);
  assert.equal(answered.data?.choosing, null);
});

test('a column sorts up, then down, then the file has its own order again', () => {
  const sort = { type: 'sort', column: 'sparsity' } as const;
  const sorts = [1, 2, 3].map(
    (times) => acted(openedPanel(), Array<PanelAction>(times).fill(sort)).state.view.sort,
  );
  assert.deepEqual(sorts, [
    { column: 'sparsity', descending: false },
    { column: 'sparsity', descending: true },
    null,
  ]);
});

test('a refused field keeps its text and says why, until it is typed in again', () => {
  const refused = acted(openedPanel(), [
    { type: 'typeField', field: 'sparsity', text: '140' },
    { type: 'refuseField', field: 'sparsity', error: 'too much' },
  ]).state;
  assert.deepEqual(refused.view.fields['sparsity'], { text: '140', error: 'too much' });
  const typed = acted(refused, [{ type: 'typeField', field: 'sparsity', text: '14' }]).state;
  assert.deepEqual(typed.view.fields['sparsity'], { text: '14', error: null });
  const ended = acted(typed, [{ type: 'endField', field: 'sparsity' }]).state;
  assert.deepEqual(ended.view.fields, {});
});

test('an area given back its size has none of its own', () => {
  const sized = acted(openedPanel(), [{ type: 'resizeSash', sash: 'method', size: 300 }]).state;
  assert.deepEqual(sized.view.sashes, { method: 300 });
  const reset = acted(sized, [{ type: 'resizeSash', sash: 'method', size: null }]).state;
  assert.deepEqual(reset.view.sashes, {});
});
