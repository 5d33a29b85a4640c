import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Model } from '../../../../src/core/model/model';
import { describeData } from '../../../../src/node/data/describeData';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';
import { countingArray, writeNpz, writeText } from './dataFiles';

const digits = fixturePath('datasets/digits.npz');
const mnist = fixturePath('datasets/mnist.npz');
const iris = fixturePath('datasets/iris.csv');

test('lists arrays and suggests how a classifier takes them', async (t) => {
  const { arrays, rowCount, suggestion } = await describeData(digits, await open(t, 'digits_mlp'));
  assert.deepEqual(arrays[0], { name: 'x_train', shape: [1400, 64], dtype: 'uint8' });
  assert.equal(rowCount, 397);
  assert.deepEqual(suggestion, {
    file: digits,
    inputs: ['x_test'],
    labels: 'y_test',
    scale: 1 / 16,
    loss: 'ce',
  });
});

test('suggests 1/255 for bytes up to 255', async (t) => {
  const { suggestion } = await describeData(mnist, await open(t, 'lenet5'));
  assert.equal(suggestion.scale, 1 / 255);
});

test('suggests the input as the target of an autoencoder', async (t) => {
  const { suggestion } = await describeData(digits, await open(t, 'autoencoder'));
  assert.deepEqual([suggestion.labels, suggestion.loss], ['x_test', 'mse']);
});

test('suggests no scale for floats and no loss without a model', async (t) => {
  const file = await writeNpz(t, [countingArray('X', 4, 3), countingArray('target', 4)]);
  assert.deepEqual((await describeData(file, null)).suggestion, {
    file,
    inputs: ['X'],
    labels: 'target',
  });
});

test('leaves out what names and shapes do not tell', async (t) => {
  const file = await writeNpz(t, [
    countingArray('p', 4, 3),
    countingArray('q', 4),
    countingArray('r', 4),
  ]);
  assert.deepEqual((await describeData(file, null)).suggestion, { file });
});

test('lists the columns of a csv and takes the words as labels', async () => {
  const view = await describeData(iris, null);
  assert.deepEqual([view.kind, view.name, view.rowCount], ['csv', 'iris.csv', 150]);
  assert.deepEqual(view.arrays.at(-1), { name: 'species', shape: [150], dtype: 'string' });
  assert.equal(view.suggestion.labels, 'species');
  assert.equal(view.suggestion.inputs?.length, 4);
});

test('takes the last column as labels where all are numbers', async () => {
  const view = await describeData(fixturePath('datasets/diabetes.csv'), null);
  assert.equal(view.suggestion.labels, view.arrays.at(-1)?.name);
});

test('counts the rows of a long csv without reading them all, line breaks in quotes left out', async (t) => {
  const lines = Array.from({ length: 5000 }, (_, i) => `${i},"a\nb"\r\n`);
  const file = await writeText(t, `x,label\n${lines.join('')}`);
  assert.equal((await describeData(file, null)).rowCount, 5000);
});

test('counts lines with something on them, wherever the file is cut', async (t) => {
  const lines = Array.from(
    { length: 300_000 },
    (_, i) => `${i % 100},${i % 3}${'\n\r\n'.slice(0, 1 + (i % 3))}`,
  );
  const file = await writeText(t, lines.join(''));
  assert.equal((await describeData(file, null)).rowCount, 300_000);
});

async function open(t: TestContext, name: string): Promise<Model> {
  const opened = await openModelFile(fixturePath('tfjs', name, 'model.json'));
  t.after(() => opened.close());
  return opened.model;
}
