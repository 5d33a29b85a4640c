import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataRecipe } from '../../../src/core/recipe/recipe';
import type { DataView } from '../../../src/protocol/views';
import {
  currentData,
  divisorOf,
  parseImageSize,
  parseNumbers,
  parseRows,
  parseScale,
  rowsText,
  splitsOf,
  usedRowCount,
  withDataSetting,
} from '../../../webview/state/dataSettings';
import { omit } from '../../../webview/state/omit';
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

/** How data is taken that a recipe already says something of. */
function taken(chosen: Omit<DataRecipe, 'file'>): DataRecipe | null {
  const recipe = recipeWith({ data: { file: '/mnist.npz', ...chosen } });
  return currentData(
    heard([
      { type: 'recipe', recipe, revision: 1, canUndo: false },
      { type: 'data', choices: [], selected: mnist },
    ]),
  );
}

test('what the recipe does not name is guessed as the evaluation guesses it: arrays, but no scale', () => {
  assert.deepEqual(taken({ rows: [0, 5] }), {
    file: '/mnist.npz',
    inputs: ['x_test'],
    labels: 'y_test',
    rows: [0, 5],
  });
});

test('a split by name tells the arrays, a random one does not', () => {
  assert.deepEqual(taken({ split: 'train' }), { file: '/mnist.npz', split: 'train' });
  assert.deepEqual(taken({ split: { fraction: 0.2, seed: 3 } })?.inputs, ['x_test']);
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

test('a random share and an order are told with their seed', () => {
  const arrays = omit(mnist.suggestion, 'scale');
  const split = { fraction: 0.2, seed: 7 };
  assert.deepEqual(
    dataFacts(mnist, { ...arrays, split, shuffle: 1 }).map((fact) => fact.replace('\u00a0', ' ')),
    ['200 samples', 'x_test', 'labels y_test', 'a random 20 %, seed 7', 'shuffled'],
  );
  assert.deepEqual(
    dataFacts(mnist, { ...arrays, split: { ...split, rest: true }, sample: { count: 50 } })[0],
    '50 samples',
  );
});

test('pictures have pixels, and no arrays by the name of the split', () => {
  const pictures: DataView = { ...mnist, kind: 'images', arrays: [], rowCount: 12 };
  assert.deepEqual(dataFacts(pictures, { file: '', split: 'val', scale: 1 / 255 }), [
    '12 samples',
    'val',
    'pixels ÷ 255',
  ]);
});

test('numbers by channel and sizes of pictures are typed as people write them', () => {
  assert.deepEqual(parseNumbers('0.485; 0.456; 0.406'), [0.485, 0.456, 0.406]);
  assert.deepEqual(parseNumbers('0.5, 0.25'), [0.5, 0.25]);
  assert.deepEqual(parseNumbers('1 2'), [1, 2]);
  assert.equal(parseNumbers('1; b'), null);
  assert.deepEqual(parseImageSize('28×32'), [28, 32]);
  assert.deepEqual(parseImageSize('28'), [28, 28]);
  assert.equal(parseImageSize('0x3'), null);
  assert.equal(parseImageSize('big'), null);
});
