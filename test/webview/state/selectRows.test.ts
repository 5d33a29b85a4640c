import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce } from '../../../webview/state/reduce';
import { withLayerTarget } from '../../../webview/state/recipeEdits';
import { selectFigures, selectLayerCounts } from '../../../webview/state/selectFigures';
import { isPlanExact, selectPrediction } from '../../../webview/state/selectPrediction';
import {
  rowOf,
  selectRow,
  selectRows as selectListedRows,
} from '../../../webview/state/selectRows';
import {
  acted,
  heard,
  layerView,
  modelView,
  openedPanel,
  planOf,
  recipeWith,
} from '../panelFixtures';

const selectRows = (state: ReturnType<typeof openedPanel>) =>
  selectListedRows(state).map((row) => rowOf(state, row));

const names = (state: ReturnType<typeof openedPanel>) =>
  selectRows(state).map(({ layer }) => layer.name);

test('rows are the layers in the order of the file, with what the plan does to each', () => {
  const rows = selectRows(openedPanel());
  assert.deepEqual(
    rows.map(({ layer, predicted }) => [layer.name, predicted?.zerosAfter]),
    [
      ['a', 600],
      ['b', 400],
    ],
  );
});

test('the exact plan is shown while it is of this recipe, and the prediction as soon as it is not', () => {
  const opened = openedPanel();
  assert.equal(isPlanExact(opened), true);
  const recipe = withLayerTarget(recipeWith({}), 'a', { threshold: 0.25 });
  const { state } = reduce(opened, { type: 'draft', recipe });
  assert.equal(isPlanExact(state), false);
  const [a, b] = selectRows(state);
  // 1,000 weights evenly up to 1: a quarter lies at or below 0.25. Of 1,000 wanted b gives the rest.
  assert.equal(a?.predicted?.zerosAfter, 250);
  assert.equal(a.overridden, true);
  assert.ok(Math.abs((b?.predicted?.zerosAfter ?? 0) - 750) <= 1);
  assert.equal(selectFigures(state)?.zeroed, 1000);
});

test('an older plan is not taken for the present one', () => {
  const changed = recipeWith({ sparsity: 0.2 });
  const state = heard(
    [{ type: 'recipe', recipe: changed, revision: 2, canUndo: true }],
    openedPanel(),
  );
  assert.equal(isPlanExact(state), false);
  assert.equal(selectPrediction(state)?.totals?.zeros, 400);
});

test('an end that the plan leaves out is not counted as pruned until it has a target of its own', () => {
  const recipe = recipeWith({ granularity: 'unit', sparsity: 0.5 });
  const plan = {
    ...planOf({ a: 500 }),
    leftEnds: [{ layer: 'b', tensor: 'b/kernel', end: 'outputs' }] as const,
  };
  const state = heard(
    [
      { type: 'recipe', recipe, revision: 2, canUndo: true },
      { type: 'plan', plan, revision: 2 },
    ],
    openedPanel(),
  );
  const kinds = (of: typeof state) => selectRows(of).map(({ status }) => status.kind);
  assert.deepEqual(kinds(state), ['pruned', 'end']);
  const { pruned, locked, prunable } = selectLayerCounts(state);
  assert.deepEqual([pruned, locked, prunable], [1, 0, 2]);
  const draft = (next: typeof recipe) => reduce(state, { type: 'draft', recipe: next }).state;
  assert.deepEqual(kinds(draft({ ...recipe, sparsity: 0.6 })), ['pruned', 'end']);
  assert.deepEqual(kinds(draft(withLayerTarget(recipe, 'b', { sparsity: 0.5 }))), [
    'pruned',
    'pruned',
  ]);
  assert.deepEqual(kinds(draft({ ...recipe, granularity: 'weight' })), ['pruned', 'pruned']);
});

test('locked layers stay in the list without numbers', () => {
  const state = openedPanel({ lock: ['b'] });
  const row = selectRows(state)[1];
  assert.equal(row?.status.kind, 'locked');
  assert.equal(row.predicted, null);
  assert.deepEqual(selectLayerCounts(state), {
    listed: 2,
    pruned: 1,
    prunable: 2,
    locked: 1,
    read: 2,
  });
});

test('layers that share a weight show the same numbers, counted once', () => {
  const twin = layerView('twin', { weight: layerView('a').weight });
  const context = { folder: '', outputName: '', trusted: true, engine: '' };
  const state = heard(
    [
      { type: 'model', model: modelView([layerView('a'), twin]), context },
      { type: 'recipe', recipe: recipeWith({}), revision: 9, canUndo: false },
    ],
    openedPanel(),
  );
  const rows = selectRows(state);
  assert.deepEqual(rows[0]?.predicted, rows[1]?.predicted);
  assert.equal(selectFigures(state)?.elementCount, 1000);
});

test('a filter looks at names and operators, without regard to case', () => {
  const filtered = (text: string) => names(acted(openedPanel(), [{ type: 'filter', text }]).state);
  assert.deepEqual(filtered('B'), ['b']);
  assert.deepEqual(filtered('dense'), ['a', 'b']);
  assert.deepEqual(filtered(' '), ['a', 'b']);
});

test('sorting by sparsity puts what is not pruned at one end', () => {
  const state = openedPanel({ lock: ['a'] });
  const up = acted(state, [{ type: 'sort', column: 'sparsity' }]).state;
  const down = acted(up, [{ type: 'sort', column: 'sparsity' }]).state;
  assert.deepEqual(names(up), ['a', 'b']);
  assert.deepEqual(names(down), ['b', 'a']);
});

test('names are sorted as people count', () => {
  const layers = ['fc10', 'fc9', 'fc1'].map((name) => layerView(name));
  const context = { folder: '', outputName: '', trusted: true, engine: '' };
  const state = heard([{ type: 'model', model: modelView(layers), context }], openedPanel());
  const sorted = acted(state, [{ type: 'sort', column: 'name' }]).state;
  assert.deepEqual(names(sorted), ['fc1', 'fc9', 'fc10']);
});

test('the selected row is found also when the filter hides it', () => {
  const state = acted(openedPanel(), [{ type: 'filter', text: 'b' }]).state;
  assert.equal(selectRow(state, state.view.selected)?.layer.name, 'a');
});

test('the figures of the model count zeros of all parameters', () => {
  const figures = selectFigures(openedPanel());
  assert.deepEqual(figures, {
    elementCount: 2000,
    zeroed: 1000,
    zerosBefore: 0,
    zerosAfter: 1000,
    modelSparsity: { before: 0, after: 0.5 },
    layerCount: 2,
    zeroedUnits: 0,
  });
});

test('what only the worker can tell is not guessed: rows wait for the plan', () => {
  const opened = openedPanel();
  for (const fields of [
    { criterion: 'taylor' },
    { granularity: '2:4' },
    { mask: '/m.npz' },
    { maxLayerSparsity: 0.9 },
    { layers: { a: { granularity: 'unit' } } },
  ] as const) {
    const { state } = reduce(opened, { type: 'draft', recipe: recipeWith(fields) });
    assert.deepEqual(
      selectRows(state).map(({ predicted }) => predicted),
      [null, null],
    );
    assert.equal(selectFigures(state), null);
  }
});

test('a threshold of another score is told, but not drawn over the weights', () => {
  const opened = openedPanel({ criterion: 'taylor' });
  const [row] = selectRows(opened);
  assert.equal(row?.predicted?.threshold, 0.5);
  assert.equal(row.predicted.byMagnitude, false);
  assert.equal(selectRows(openedPanel())[0]?.predicted?.byMagnitude, true);
});
