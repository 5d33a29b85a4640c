import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { openFixture } from '../../../../helpers/modelFixtures';

/** What h5py 3.14.0 wrote by ml_dtypes: 12 values from -2 to 2, of which all are within a step of the type. */
const EXPECTED = Array.from({ length: 12 }, (_, i) => -2 + (4 * i) / 11);

for (const dtype of [
  'bfloat16',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e5m2fnuz',
]) {
  test(`opaque elements that the attribute dtype names ${dtype} are numbers`, async (t) => {
    const { model } = await openFixture(t, 'keras/h5_named_floats.h5');
    const tensor = model.tensors.find(({ name }) => name === dtype);
    assert.ok(tensor);
    assert.equal(tensor.dtype, dtype);
    assert.equal(tensor.dtypeLabel, undefined);
    const values = await readTensorValues(model, tensor);
    assert.equal(values.length, EXPECTED.length);
    EXPECTED.forEach((expected, i) => {
      assert.ok(Math.abs(Number(values[i]) - expected) <= 0.125 * Math.abs(expected), `${i}`);
    });
  });
}

test('opaque elements without a name, or of another size than it says, stay opaque', async (t) => {
  const { model } = await openFixture(t, 'keras/h5_named_floats.h5');
  const labelOf = (wanted: string): string | undefined =>
    model.tensors.find(({ name }) => name === wanted)?.dtypeLabel;
  assert.equal(labelOf('unnamed'), 'opaque of 2 bytes');
  assert.equal(labelOf('misnamed'), 'opaque of 4 bytes');
});

test('a Keras file of bfloat16 has layers with bfloat16 weights', async (t) => {
  const { model } = await openFixture(t, 'keras/bfloat16.keras');
  assert.deepEqual(
    model.tensors.map(({ dtype, shape }) => [dtype, ...shape]),
    [
      ['bfloat16', 8, 9],
      ['bfloat16', 9],
      ['bfloat16', 9, 3],
      ['bfloat16', 3],
    ],
  );
  assert.deepEqual(
    model.layers.map(({ name }) => name),
    ['fc1', 'fc2'],
  );
});
