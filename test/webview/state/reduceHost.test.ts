import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostToPanel, PruneResult } from '../../../src/protocol/hostWebview';
import {
  evenStatistics,
  heard,
  layerView,
  modelView,
  openedPanel,
  planOf,
  recipeWith,
} from '../panelFixtures';

const CONTEXT = { folder: '', outputName: 'net.pruned', trusted: true, engine: 'wasm' };
const PROGRESS = (task: 'open' | 'prune' | null): HostToPanel => ({
  type: 'progress',
  task,
  report: null,
});

function result(): HostToPanel {
  const { totals, warnings } = planOf({ a: 1 });
  const sizes = { rawBefore: 1, rawAfter: 1, gzipBefore: null, gzipAfter: null };
  const report: PruneResult['report'] = { layers: [], totals, sizes, warnings };
  const told = { report, outputName: 'net.pruned', outputFolder: '', command: 'secateur' };
  return { type: 'result', result: told, revision: 1 };
}

test('the first layer that can be pruned is selected when a model comes', () => {
  const locked = layerView('a', { prunable: false, lockedBy: 'dtype' });
  const model = modelView([locked, layerView('b')]);
  assert.equal(heard([{ type: 'model', model, context: CONTEXT }]).view.selected, 'b');
});

test('a selected layer stays selected while the model has it', () => {
  const state = heard([{ type: 'selectLayer', layer: 'b' }], openedPanel());
  const again = modelView([layerView('a'), layerView('b')]);
  const reloaded = heard([{ type: 'model', model: again, context: CONTEXT }], state);
  assert.equal(reloaded.view.selected, 'b');
  const other = heard(
    [{ type: 'model', model: modelView([layerView('c')]), context: CONTEXT }],
    state,
  );
  assert.equal(other.view.selected, 'c');
});

test('a model read anew forgets what was known of the earlier bytes', () => {
  const model = modelView([layerView('a'), layerView('b')]);
  const state = heard(
    [PROGRESS('open'), PROGRESS(null), { type: 'model', model, context: CONTEXT }],
    openedPanel(),
  );
  assert.equal(state.statistics.size, 0);
  assert.equal(state.plan, null);
});

test('a model told again, because the workspace is trusted now, keeps its statistics', () => {
  const model = modelView([layerView('a'), layerView('b')]);
  const state = heard([{ type: 'model', model, context: CONTEXT }], openedPanel());
  assert.equal(state.statistics.size, 2);
  assert.notEqual(state.plan, null);
});

test('statistics add up as they come', () => {
  const third = evenStatistics('c/kernel', 1);
  const state = heard([{ type: 'statistics', statistics: [third] }], openedPanel());
  assert.deepEqual([...state.statistics.keys()], ['a/kernel', 'b/kernel', 'c/kernel']);
});

test('the result of a prune opens when it comes', () => {
  const state = heard([PROGRESS('prune'), PROGRESS(null), result()], openedPanel());
  assert.equal(state.view.page, 'result');
});

test('a result told again to a page drawn anew does not open', () => {
  assert.equal(heard([result()], openedPanel()).view.page, 'plan');
});

test('what was cancelled is said until something is changed or begun', () => {
  const cancelled = heard([{ type: 'cancelled', task: 'prune' }], openedPanel());
  assert.equal(cancelled.cancelled, 'prune');
  const changed = { type: 'recipe', recipe: recipeWith({}), revision: 2, canUndo: true } as const;
  assert.equal(heard([changed], cancelled).cancelled, null);
  assert.equal(heard([PROGRESS('prune')], cancelled).cancelled, null);
});

test('a failure stays until the host takes it back', () => {
  const failure = { task: 'prune', title: 'It failed', detail: '', assurance: null } as const;
  const failed = heard([{ type: 'failure', failure }], openedPanel());
  assert.deepEqual(failed.failure, failure);
  assert.equal(heard([{ type: 'failure', failure: null }], failed).failure, null);
});
