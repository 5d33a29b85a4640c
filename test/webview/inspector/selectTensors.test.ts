import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnId } from '../../../webview/inspector/state/inspectorState';
import { selectInSight } from '../../../webview/inspector/state/selectInSight';
import { selectTensors } from '../../../webview/inspector/state/selectTensors';
import { reduceInspector } from '../../../webview/inspector/state/reduceInspector';
import { ROW_HEIGHT } from '../../../webview/views/virtualRows';
import { figuresOf, modelOf, readInspector, tensorView } from './inspectorFixtures';

const tensors = [
  tensorView('layer10', [4]),
  tensorView('layer2', [100]),
  tensorView('layer1', [10, 5]),
];
const figures = [figuresOf(0, { mean: 0.5 }), figuresOf(2, { mean: -0.5 })];

function order(column: ColumnId, descending: boolean): number[] {
  const state = readInspector(modelOf(tensors), figures);
  const view = { ...state.view, sort: { column, descending } };
  return selectTensors({ ...state, view }).map(({ index }) => index);
}

test('names are sorted as people count', () => {
  assert.deepEqual(order('name', false), [2, 1, 0]);
  assert.deepEqual(order('name', true), [0, 1, 2]);
});

test('numbers are sorted by value, and what is not known stands at the end either way', () => {
  assert.deepEqual(order('elements', true), [1, 2, 0]);
  assert.deepEqual(order('mean', true), [0, 2, 1]);
  assert.deepEqual(order('mean', false), [2, 0, 1]);
});

test('equal ones keep the order of the file', () => {
  assert.deepEqual(order('type', true), [0, 1, 2]);
  assert.deepEqual(order('min', true), [0, 2, 1]);
});

test('a third click on a header gives the order of the file back', () => {
  let state = readInspector(modelOf(tensors));
  const orders = [];
  for (let click = 0; click < 3; click++) {
    state = reduceInspector(state, { type: 'sort', column: 'elements' }).state;
    orders.push(state.view.sort?.descending ?? null);
  }
  assert.deepEqual(orders, [true, false, null]);
  const named = reduceInspector(state, { type: 'sort', column: 'name' }).state;
  assert.equal(named.view.sort?.descending, false);
});

test('what is in sight and not read is asked for, the selected tensor first', () => {
  const many = Array.from({ length: 100 }, (_, i) => tensorView(`t${i}`, [2]));
  const state = {
    ...readInspector(modelOf(many), [figuresOf(40)]),
    reading: { state: 'reading' as const, report: null },
  };
  const view = { ...state.view, selected: 90 };
  const wanted = selectInSight({ ...state, view }, 40 * ROW_HEIGHT, 5 * ROW_HEIGHT);
  assert.equal(wanted[0], 90);
  assert.ok(wanted.includes(42) && !wanted.includes(40) && !wanted.includes(60));
  const done = { ...state, view, reading: { state: 'done' as const, report: null } };
  assert.deepEqual(selectInSight(done, 0, 200), []);
});
