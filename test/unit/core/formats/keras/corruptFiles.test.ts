// What test/fixtures/corrupt/expect.json says of each broken HDF5 and Keras file. Where it allows a choice
// between an error and a warning, the file is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCorruptFiles } from '../../../../helpers/corruptFiles';
import { openFixture } from '../../../../helpers/modelFixtures';

testCorruptFiles(['h5_', 'keras_', 'nan_inf.h5'], {
  'h5_group_cycle.h5': ['w'],
  'keras_no_weights.keras': [],
  'keras_lambda_marshal.keras': [
    'layers/dense/vars/0',
    'layers/dense/vars/1',
    'layers/dense_1/vars/0',
    'layers/dense_1/vars/1',
    ...Array.from({ length: 10 }, (_, i) => `optimizer/vars/${i}`),
  ],
  'nan_inf.h5': ['mixed'],
});

test('a Keras file without weights shows its layers', async (t) => {
  const { model } = await openFixture(t, 'corrupt/keras_no_weights.keras');
  assert.ok(model.layers.length > 0);
  assert.deepEqual(
    model.notices.map(({ code }) => code),
    ['no-weights'],
  );
});

test('a Lambda layer with marshalled code is said and never run', async (t) => {
  const { model } = await openFixture(t, 'corrupt/keras_lambda_marshal.keras');
  assert.ok(model.notices.some(({ code }) => code === 'unsafe-layer'));
  assert.ok(model.graph?.nodes.some(({ operator }) => operator.kind === 'opaque'));
});
