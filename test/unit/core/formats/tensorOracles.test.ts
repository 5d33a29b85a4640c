// Names, shapes, counts and statistics of every tensor, as the reference libraries read them:
// safetensors 0.8.0, NumPy 2.4.6 and TensorFlow.js 4.22.0.
import assert from 'node:assert/strict';
import { type FileOracle, tensorOracles, testTensorOracle } from '../../../helpers/tensorOracles';

/** The names of the safetensors header for ours. */
const SAFETENSORS_DTYPES: Readonly<Record<string, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

const oracles = [
  'safetensors/',
  'numpy/',
  'tfjs/',
  'corrupt/nan_inf.npz',
  'corrupt/nan_inf.saf',
].flatMap(tensorOracles);

/** The index's own oracle lists no tensors: those of the set are its shards'. */
const shardedSet: FileOracle = {
  file: 'safetensors/lenet5_sharded/model.safetensors.index.json',
  format: 'safetensors-index',
  tensors: oracles
    .filter(
      ({ file }) => /lenet5_sharded\/model-\d+-of/.test(file) && file.startsWith('safetensors'),
    )
    .flatMap(({ tensors }) => tensors),
};
const readable = [...oracles.filter(({ file }) => file !== shardedSet.file), shardedSet];
assert.ok(readable.length > 35 && shardedSet.tensors.length === 10, 'the oracles are there');
for (const oracle of readable) {
  // NumPy names big-endian types by their code.
  const bigEndian = oracle.file.includes('bigendian');
  testTensorOracle(oracle, { dtypes: bigEndian ? { float32: '>f4' } : SAFETENSORS_DTYPES });
}
