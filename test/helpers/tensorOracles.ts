import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type Model, storedByteLength, type TensorEntry } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import { readTensorBytes } from '../../src/core/model/streamTensor';
import { unattended } from '../../src/core/progress';
import { readTensorStatistics } from '../../src/core/statistics/readTensorStatistics';
import type { TensorStatistics } from '../../src/core/statistics/tensorStatistics';
import { fixturePath } from './fixtures';
import { openFixture } from './modelFixtures';

/** One tensor as its reference library reads it; statistics in float64 by NumPy. */
export interface TensorOracle {
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

/** A file of test/fixtures/oracles/tensors. */
export interface FileOracle {
  readonly file: string;
  readonly format: string;
  readonly tensors: readonly TensorOracle[];
}

/** The oracles of the files whose path below test/fixtures begins so. */
export function tensorOracles(prefix: string): readonly FileOracle[] {
  const folder = fixturePath('oracles/tensors');
  const oracles = readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as FileOracle)
    .filter(({ file }) => file.startsWith(prefix));
  assert.ok(oracles.length > 0, `there are oracles of ${prefix}`);
  return oracles;
}

export interface OracleNames {
  /** What the oracle calls an element type, for our name of it; by default the same. */
  readonly dtypes?: Readonly<Record<string, string>>;
  /** {@link Model.format} where the oracle calls the format something else. */
  readonly format?: string;
  /** Tensors of the file that the given oracle leaves out: it has no array of their values. */
  readonly others?: readonly string[];
}

/** A test that the file holds the oracle's tensors: names, shapes, types, values and statistics. */
export function testTensorOracle(oracle: FileOracle, names: OracleNames = {}): void {
  test(`${oracle.file} holds the tensors that its reference library finds`, (t) =>
    assertTensorOracle(t, oracle, names));
}

function assertHeader(tensor: TensorEntry, oracle: TensorOracle, names: OracleNames): void {
  assert.deepEqual(tensor.shape, oracle.shape, 'shape');
  assert.equal(tensor.elementCount, oracle.size, 'element count');
  if (tensor.dtypeLabel === undefined) {
    const known = [tensor.dtype, names.dtypes?.[tensor.dtype]];
    assert.ok(known.includes(oracle.dtype), `dtype ${tensor.dtype} for ${oracle.dtype}`);
  }
}

function assertClose(
  found: number | null,
  expected: number | null | undefined,
  what: string,
): void {
  if (expected === null || expected === undefined) {
    assert.equal(asJson(found), null, what);
    return;
  }
  const tolerance = 1e-9 * Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(
    found !== null && Math.abs(found - expected) <= tolerance,
    `${what}: ${String(found)} for ${expected}`,
  );
}

/** JSON has neither infinity nor NaN: squares of 1e300 leave a null. */
function asJson(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
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
    if (oracle[figure] === null) assert.equal(asJson(found[figure]), null);
    else
      assert.ok(Math.abs((found[figure] ?? NaN) - (oracle[figure] ?? NaN)) <= 1e-9 * scale, figure);
  }
  const counted = found.histogram.counts.reduce((sum, count) => sum + count, 0);
  assert.equal(counted, oracle.size - found.nonFinite, 'the histogram counts every finite value');
}

/** The digest of the tensor's values as little-endian bytes in C order. */
async function digest(model: Model, tensor: TensorEntry): Promise<string> {
  const reordered =
    tensor.storageOrder !== null || !tensor.littleEndian || tensor.quantization !== undefined;
  const bytes = new Uint8Array(storedByteLength(tensor));
  await readTensorBytes(model, tensor, 0, bytes);
  const values = reordered ? await readTensorValues(model, tensor) : bytes;
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
}

async function assertTensorOracle(
  t: TestContext,
  oracle: FileOracle,
  names: OracleNames,
): Promise<void> {
  const { model } = await openFixture(t, oracle.file);
  assert.equal(model.format, names.format ?? oracle.format);
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const expectedNames = [...oracle.tensors.map(({ name }) => name), ...(names.others ?? [])];
  assert.deepEqual([...byName.keys()].sort(), expectedNames.sort());
  const measured = new Map<string, TensorStatistics | null>();
  for await (const { tensor, statistics } of readTensorStatistics(model, unattended)) {
    measured.set(tensor.name, statistics);
  }
  for (const expected of oracle.tensors) {
    const tensor = byName.get(expected.name)!;
    assertHeader(tensor, expected, names);
    assert.equal(await digest(model, tensor), expected.sha256, `bytes of ${expected.name}`);
    const statistics = measured.get(expected.name);
    if (expected.l1 === undefined) assert.equal(statistics, null, 'no statistics of such elements');
    else assertStatistics(statistics!, expected);
  }
}
