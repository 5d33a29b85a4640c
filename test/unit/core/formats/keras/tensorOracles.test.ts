// Names, shapes, types, values and statistics of every data set, as h5py 3.14.0 reads them.
import assert from 'node:assert/strict';
import {
  type FileOracle,
  tensorOracles,
  testTensorOracle,
} from '../../../../helpers/tensorOracles';

/** What the oracle lists beside arrays: links, and data sets without elements. */
interface Listed {
  readonly shape?: unknown;
  readonly non_numeric?: boolean;
}

function isArray(entry: Listed): boolean {
  return entry.shape !== undefined && entry.non_numeric !== true;
}

const oracles = ['keras/', 'corrupt/nan_inf.h5'].flatMap(tensorOracles);
assert.ok(oracles.length >= 28, 'the oracles are there');
for (const oracle of oracles.filter(({ file }) => !file.includes('edge_dtypes'))) {
  assert.ok(oracle.tensors.every(isArray));
  testTensorOracle(oracle);
}

const edge = oracles.find(({ file }) => file.includes('edge_dtypes'))!;
const arrays: FileOracle = { ...edge, tensors: edge.tensors.filter(isArray) };
testTensorOracle(arrays, {
  dtypes: { float32: '>f4' },
  others: edge.tensors
    .filter((entry: Listed) => entry.non_numeric === true)
    .map(({ name }) => name),
});
