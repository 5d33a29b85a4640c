import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fixturePath, temporaryFolder } from '../../../../helpers/fixtures';
import type { Layer } from '../../../../../src/core/model/model';
import { openFixture, openForTest } from '../../../../helpers/modelFixtures';

/** Name, operator, unit axis and unit count of the layers of every class that Keras 3.15.1 wrote. */
const ZOO = [
  ['conv', 'conv2d', 3, 4],
  ['dw', 'depthwiseConv2d', 2, 4],
  ['c1', 'conv1d', 2, 4],
  ['sep', 'depthwiseConv2d', null, null],
  ['sep/pointwise_kernel', 'conv2d', 3, 5],
  ['c1t', 'convTranspose', 1, 6],
  ['ct', 'convTranspose', 2, 3],
  ['bi/forward', 'recurrent', null, null],
  ['bi/forward/recurrent_kernel', 'recurrent', null, null],
  ['bi/backward', 'recurrent', null, null],
  ['bi/backward/recurrent_kernel', 'recurrent', null, null],
  ['mha/query', 'dense', null, null],
  ['mha/key', 'dense', null, null],
  ['mha/value', 'dense', null, null],
  ['mha/attention_output', 'dense', 2, 6],
  ['td', 'dense', 1, 4],
  ['c3', 'conv3d', 4, 2],
  ['embed', 'embedding', 1, 6],
  ['rnn', 'recurrent', null, null],
  ['rnn/recurrent_kernel', 'recurrent', null, null],
  ['gru', 'recurrent', null, null],
  ['gru/recurrent_kernel', 'recurrent', null, null],
  ['fc', 'dense', 1, 3],
  ['einsum', 'dense', null, null],
  ['fc@2', 'dense', 1, 3],
];

/** `.keras` names the directions by their attributes, `.h5` by the layers that they are. */
function plainName({ name }: Layer): string {
  return name.replace(/(forward|backward)_(layer|lstm)/, '$1');
}

for (const file of ['layers_zoo.keras', 'layers_zoo.h5', 'layers_zoo_deflated.keras']) {
  test(`tells operator and unit axis of every class in ${file}`, async (t) => {
    const { model } = await openFixture(t, 'keras', file);
    const prunable = model.layers.filter((layer) => layer.prunable);
    assert.deepEqual(
      prunable.map((layer) => [plainName(layer), layer.operator, layer.unitAxis, layer.unitCount]),
      ZOO,
    );
    const locked = model.layers.filter((layer) => !layer.prunable);
    assert.deepEqual(
      locked.map(({ name, lockedBy }) => [name, lockedBy]),
      [
        ['gn', 'normalization'],
        ['ln', 'normalization'],
        ['prelu', 'no-weight'],
      ],
    );
    assert.ok(model.layers.every(({ guessed }) => guessed === undefined));
  });
}

for (const file of ['siamese_nested_shared.keras', 'siamese_nested_shared.h5']) {
  test(`lists nested and shared layers of ${file} once`, async (t) => {
    const { model } = await openFixture(t, 'keras', file);
    assert.deepEqual(
      model.layers.map(({ name, unitCount }) => [name, unitCount]),
      [
        ['enc1', 32],
        ['code', 8],
        ['shared', 6],
        ['same', 1],
      ],
    );
  });
}

test('weights without an architecture give layers by the names that Keras wrote', async (t) => {
  const { model } = await openFixture(t, 'keras/digits_mlp.weights.h5');
  assert.deepEqual(
    model.layers.map(({ name, unitAxis, bias, guessed }) => [name, unitAxis, bias, guessed]),
    [
      ['fc1', 1, 'layers/dense/vars/1', true],
      ['fc2', 1, 'layers/dense_1/vars/1', true],
      ['fc3', 1, 'layers/dense_2/vars/1', true],
    ],
  );
  assert.match(model.graphMissing ?? '', /no architecture/);
});

test('normalisation in weights without an architecture is known by its class', async (t) => {
  for (const file of ['resbn.weights.h5', 'sharded/model.weights.json']) {
    const { model } = await openFixture(t, 'keras', file);
    const normalizations = model.layers.filter(({ operator }) => operator === 'normalization');
    assert.ok(normalizations.length > 0);
    assert.ok(normalizations.every(({ parameters }) => parameters.length === 4));
  }
});

test('links are said, not followed', async (t) => {
  const { model } = await openFixture(t, 'keras/h5_edge_dtypes.h5');
  const said = model.notices.map(({ message }) => message).join('\n');
  assert.match(said, /"soft" is a soft link/);
  assert.match(said, /"external_link" is an external link \(nope\.h5/);
});

test('what was never written can be looked at, but has no bytes to be pruned', async (t) => {
  const { model } = await openFixture(t, 'keras/h5_edge_dtypes.h5');
  assert.equal(model.layers.find(({ name }) => name === 'fill_unwritten')?.lockedBy, 'compressed');
});

test('HDF5 behind a user block is told by its content, whatever the name', async (t) => {
  const copy = path.join(await temporaryFolder(t), 'weights.dat');
  await copyFile(fixturePath('keras/h5_chunk_btree1.h5'), copy);
  const { model } = await openForTest(t, copy);
  assert.equal(model.format, 'hdf5');
  assert.ok(model.notices.some(({ code }) => code === 'wrong-extension'));
});
