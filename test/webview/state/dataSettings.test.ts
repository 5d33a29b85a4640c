import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataView } from '../../../src/protocol/views';
import {
  currentData,
  divisorOf,
  parseRows,
  parseScale,
  rowsText,
  splitsOf,
  usedRowCount,
  withDataSetting,
} from '../../../webview/state/dataSettings';
import { dataFacts } from '../../../webview/views/dataFacts';
import { heard, openedPanel, recipeWith } from '../panelFixtures';

const array = (name: string, rows: number) => ({ name, shape: [rows, 28, 28], dtype: 'uint8' });
const mnist: DataView = {
  path: '/mnist.npz',
  name: 'mnist.npz',
  kind: 'npz',
  arrays: [
    array('x_train', 8000),
    array('y_train', 8000),
    array('x_test', 1000),
    array('y_test', 1000),
  ],
  rowCount: 1000,
  notes: [],
  suggestion: { file: '/mnist.npz', inputs: ['x_test'], labels: 'y_test', scale: 1 / 255 },
};

test('what the user has set stands over what was guessed', () => {
  const recipe = recipeWith({ data: { file: '/mnist.npz', scale: 0.5 } });
  const state = heard([
    { type: 'recipe', recipe, revision: 1, canUndo: false },
    { type: 'data', choices: [], selected: mnist },
  ]);
  assert.deepEqual(currentData(state), { ...mnist.suggestion, scale: 0.5 });
  assert.equal(currentData(openedPanel()), null);
});

test('the rows used are those of the inputs, after the choice of rows', () => {
  assert.equal(usedRowCount(mnist, mnist.suggestion), 1000);
  assert.equal(usedRowCount(mnist, { file: '', split: 'train' }), 8000);
  assert.equal(usedRowCount(mnist, { ...mnist.suggestion, rows: [-200, null] }), 200);
  assert.equal(usedRowCount(mnist, { ...mnist.suggestion, rows: [900, 5000] }), 100);
});

test('rows are typed as a slice and shown as typed', () => {
  for (const text of ['0:1000', '-200:', ':50'])
    assert.equal(rowsText(parseRows(text) ?? undefined), text);
  assert.equal(parseRows(' '), undefined);
  assert.equal(parseRows('12'), null);
});

test('splits are told by the names of the arrays', () => {
  assert.deepEqual(splitsOf(mnist), ['train', 'test']);
});

test('a scale may be typed as a fraction, and is not zero', () => {
  assert.equal(parseScale('1/255'), 1 / 255);
  assert.equal(parseScale('0,5'), 0.5);
  assert.equal(parseScale('0'), null);
  assert.equal(parseScale('1/0'), null);
  assert.equal(parseScale('1/2/3'), null);
});

test('a scale that divides by a whole number is said so', () => {
  assert.equal(divisorOf(1 / 255), 255);
  assert.equal(divisorOf(0.3), null);
  assert.equal(divisorOf(2), null);
});

test('a setting given back to the guess is absent', () => {
  assert.deepEqual(withDataSetting({ file: 'a', folds: 5 }, 'folds', undefined), { file: 'a' });
});

test('the data is summed up in a line', () => {
  assert.deepEqual(dataFacts(mnist, mnist.suggestion), [
    '1,000 samples',
    'x_test ÷ 255',
    'labels y_test',
  ]);
  assert.deepEqual(dataFacts(mnist, { file: '', split: 'train', scale: 0.3, folds: 5 }), [
    '8,000 samples',
    'x_train × 0.3',
    'labels y_train',
    '5 folds',
  ]);
});
