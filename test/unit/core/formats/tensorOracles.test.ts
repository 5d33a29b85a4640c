// Names, shapes, counts and statistics of every tensor, as the reference libraries read them:
// safetensors 0.8.0, NumPy 2.4.6 and TensorFlow.js 4.22.0, statistics in float64 by NumPy.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Model, TensorEntry } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { readTensorBytes } from '../../../../src/core/model/streamTensor';
import { unattended } from '../../../../src/core/progress';
import { readTensorStatistics } from '../../../../src/core/statistics/readTensorStatistics';
import type { TensorStatistics } from '../../../../src/core/statistics/tensorStatistics';
import { fixturePath } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';

interface TensorOracle {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly sha256: string;
  readonly stored_sha256?: string;
  readonly nan?: number;
  readonly inf?: number;
  readonly zeros?: number;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly mean?: number | null;
  readonly std?: number | null;
  readonly l1?: number;
  readonly l2?: number;
}

interface FileOracle {
  readonly file: string;
  readonly format: string;
  readonly tensors: readonly TensorOracle[];
}

const folder = fixturePath('oracles/tensors');
const oracles = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as FileOracle,
);

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

function assertHeader(tensor: TensorEntry, oracle: TensorOracle): void {
  assert.deepEqual(tensor.shape, oracle.shape, 'shape');
  assert.equal(tensor.elementCount, oracle.size, 'element count');
  if (tensor.dtypeLabel === undefined) {
    // NumPy names big-endian types by their code.
    const bigEndian = oracle.dtype === '>f4' ? 'float32' : null;
    const names = [tensor.dtype, SAFETENSORS_DTYPES[tensor.dtype]];
    assert.ok(
      names.includes(bigEndian ?? oracle.dtype),
      `dtype ${tensor.dtype} for ${oracle.dtype}`,
    );
  }
}

function assertClose(
  found: number | null,
  expected: number | null | undefined,
  what: string,
): void {
  if (expected === null || expected === undefined) {
    assert.equal(found, null, what);
    return;
  }
  const tolerance = 1e-9 * Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(
    found !== null && Math.abs(found - expected) <= tolerance,
    `${what}: ${String(found)} for ${expected}`,
  );
}

function assertStatistics(found: TensorStatistics, oracle: TensorOracle): void {
  assert.equal(found.zeros, oracle.zeros, 'zeros');
  assert.equal(found.nonFinite, (oracle.nan ?? 0) + (oracle.inf ?? 0), 'NaN and infinities');
  for (const figure of ['min', 'max', 'l1', 'l2'] as const) {
    assertClose(found[figure], oracle[figure], figure);
  }
  // A mean near zero loses digits against the values it is the mean of.
  const scale = Math.max(Math.abs(oracle.min ?? 0), Math.abs(oracle.max ?? 0), Number.MIN_VALUE);
  for (const figure of ['mean', 'std'] as const) {
    if (oracle[figure] === null) assert.equal(found[figure], null);
    else
      assert.ok(Math.abs((found[figure] ?? NaN) - (oracle[figure] ?? NaN)) <= 1e-9 * scale, figure);
  }
  const counted = found.histogram.counts.reduce((sum, count) => sum + count, 0);
  assert.equal(counted, oracle.size - found.nonFinite, 'the histogram counts every finite value');
}

/** The digest of the tensor's values as little-endian bytes in C order. */
async function digest(model: Model, tensor: TensorEntry): Promise<string> {
  const reordered =
    tensor.fortranOrder || !tensor.littleEndian || tensor.quantization !== undefined;
  const bytes = new Uint8Array(tensor.elementCount * tensor.storedElementBytes);
  await readTensorBytes(model, tensor, 0, bytes);
  const values = reordered ? await readTensorValues(model, tensor) : bytes;
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
}

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
  test(`${oracle.file} holds the tensors that its reference library finds`, async (t) => {
    const { model } = await openFixture(t, oracle.file);
    assert.equal(model.format, oracle.format);
    const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
    assert.deepEqual([...byName.keys()].sort(), oracle.tensors.map(({ name }) => name).sort());
    const measured = new Map<string, TensorStatistics | null>();
    for await (const { tensor, statistics } of readTensorStatistics(model, unattended)) {
      measured.set(tensor.name, statistics);
    }
    for (const expected of oracle.tensors) {
      const tensor = byName.get(expected.name)!;
      assertHeader(tensor, expected);
      assert.equal(await digest(model, tensor), expected.sha256, `bytes of ${expected.name}`);
      const statistics = measured.get(expected.name);
      if (expected.l1 === undefined)
        assert.equal(statistics, null, 'no statistics of such elements');
      else assertStatistics(statistics!, expected);
    }
  });
}
