// Names, shapes, types, values and statistics of every tensor, as onnx 1.23.1 and NumPy 2.4.6 read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { openFixture } from '../../../../helpers/modelFixtures';
import {
  type FileOracle,
  tensorOracles,
  testTensorOracle,
} from '../../../../helpers/tensorOracles';

/** TensorProto.DataType by our names. */
const ONNX_DTYPES: Readonly<Record<string, string>> = {
  float64: 'DOUBLE',
  float32: 'FLOAT',
  float16: 'FLOAT16',
  bfloat16: 'BFLOAT16',
  float8_e4m3fn: 'FLOAT8E4M3FN',
  float8_e5m2: 'FLOAT8E5M2',
  int64: 'INT64',
  int32: 'INT32',
  int8: 'INT8',
  int4: 'INT4',
  uint64: 'UINT64',
  uint32: 'UINT32',
  uint8: 'UINT8',
  uint4: 'UINT4',
  bool: 'BOOL',
  complex64: 'COMPLEX64',
  string: 'STRING',
};

const ENCODINGS = 'onnx/edge_tensor_encodings.onnx';
const oracles = [...tensorOracles('onnx/'), ...tensorOracles('corrupt/nan_inf.onnx')];

for (const oracle of oracles.filter(({ file }) => file !== ENCODINGS)) {
  testTensorOracle(oracle, { dtypes: ONNX_DTYPES });
}

/** What the oracle has of tensors that NumPy has no array of: packed integers, texts, sparse ones. */
interface ValuesOracle {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: string;
  readonly kind: string;
  readonly values: readonly (number | string)[];
  readonly indices?: readonly number[];
}

const encodings = oracles.find(({ file }) => file === ENCODINGS)!;
const withoutArray = encodings.tensors.filter(
  ({ sha256 }) => (sha256 as string | undefined) === undefined,
) as unknown as readonly ValuesOracle[];
testTensorOracle(
  {
    ...encodings,
    tensors: encodings.tensors.filter(({ sha256 }) => (sha256 as string | undefined) !== undefined),
  } satisfies FileOracle,
  { dtypes: ONNX_DTYPES, others: withoutArray.map(({ name }) => name) },
);

test(`${ENCODINGS}: packed integers, texts and sparse tensors have the oracle's values`, async (t) => {
  const { model } = await openFixture(t, ENCODINGS);
  assert.equal(withoutArray.length, 4);
  for (const expected of withoutArray) {
    const tensor = model.tensors.find(({ name }) => name === expected.name)!;
    assert.deepEqual(tensor.shape, expected.shape);
    if (expected.kind === 'sparse_initializer') {
      const dense = new Array<number>(12).fill(0);
      expected.indices!.forEach((index, i) => (dense[index] = Number(expected.values[i])));
      assert.deepEqual([...(await readTensorValues(model, tensor))], dense);
      continue;
    }
    assert.equal(ONNX_DTYPES[tensor.dtype], expected.dtype);
    assert.equal(tensor.elementCount, expected.values.length);
    if (tensor.dtype === 'string') continue;
    assert.deepEqual([...(await readTensorValues(model, tensor))], expected.values);
  }
});
