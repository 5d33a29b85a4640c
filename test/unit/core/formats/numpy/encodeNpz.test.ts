import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { UnsupportedError } from '../../../../../src/core/errors';
import { encodeNpy, encodeNpz } from '../../../../../src/core/formats/numpy/encodeNpz';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { verifyChecksums } from '../../../../../src/core/model/verifyChecksums';
import { openModelFile } from '../../../../../src/node/openModel';
import { readFixture, temporaryFolder } from '../../../../helpers/fixtures';

const arrays = [
  { name: 'probabilities', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'a/b é', shape: [1], values: Float32Array.of(-0) },
  { name: 'nothing', shape: [0, 4], values: new Float32Array(0) },
  { name: 'scalar', shape: [], values: Float32Array.of(NaN) },
];

test('writes arrays that come back by name, shape and value, in their order', async (t) => {
  const file = path.join(await temporaryFolder(t), 'y.npz');
  await writeFile(file, encodeNpz(arrays));
  const { model, ...opened } = await openModelFile(file);
  t.after(() => opened.close());
  assert.deepEqual(
    model.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    arrays.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
  );
  for (const [i, tensor] of model.tensors.entries()) {
    assert.deepEqual(await readTensorValues(model, tensor), arrays[i]?.values);
  }
});

test('writes the header that NumPy writes', async () => {
  // numpy/edge_bigendian_f4.npy is W1 of shape (4, 8), written by NumPy 2.4.6.
  const byNumpy = await readFixture('numpy/edge_bigendian_f4.npy');
  const own = encodeNpy({ shape: [4, 8], values: new Float32Array(32) });
  const expected = byNumpy.subarray(0, 128).toString('latin1').replace('>f4', '<f4');
  assert.equal(Buffer.from(own.subarray(0, 128)).toString('latin1'), expected);
});

test('gives the same bytes for the same arrays', () => {
  assert.deepEqual(encodeNpz(arrays), encodeNpz(arrays));
});

test('refuses two arrays of one name', () => {
  assert.throws(() => encodeNpz([...arrays, ...arrays]), UnsupportedError);
});

test('is verified by its own checksums', async (t) => {
  const file = path.join(await temporaryFolder(t), 'y.npz');
  const bytes = encodeNpz(arrays);
  await writeFile(file, bytes);
  const opened = await openModelFile(file);
  t.after(() => opened.close());
  await verifyChecksums(opened.model, { signal: { aborted: false }, report: () => undefined });
  assert.equal(opened.model.checksums.length, arrays.length);
});
