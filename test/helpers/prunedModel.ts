import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Model, TensorEntry } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import { readOracle } from './fixtures';
import { filesOf, openForTest } from './modelFixtures';
import { levelsOf } from './pruningOracle';

/** What a model was pruned as: a level of test/fixtures/oracles/pruning/`oracle`.json. */
export interface ExpectedPrune {
  readonly oracle: string;
  readonly level: string;
}

/**
 * Asserts that a model in a folder is the original with the oracle's weights, and nothing else, set
 * to zero: the masks by their SHA-256, the rest byte for byte.
 */
export async function assertPruned(
  t: TestContext,
  original: string,
  pruned: string,
  { oracle, level }: ExpectedPrune,
): Promise<void> {
  const expected = levelsOf(await readOracle(`pruning/${oracle}`))[level];
  assert.ok(expected, `the oracle has ${level}`);
  const { model } = await openForTest(t, pruned);
  for (const [tensor, { size, pruned: zeros, mask_sha256: digest }] of Object.entries(
    expected.per_layer,
  )) {
    const mask = await maskOf(model, tensor);
    assert.equal(mask.length, size, tensor);
    assert.equal(mask.filter((kept) => kept === 0).length, zeros, `${tensor}: zeros`);
    assert.equal(createHash('sha256').update(mask).digest('hex'), digest, `${tensor}: mask`);
  }
  await assertOnlyZeroed(model, Object.keys(expected.per_layer), original, pruned);
}

/** A byte a weight, 1 = kept, as the oracles have it. */
async function maskOf(model: Model, tensor: string): Promise<Uint8Array> {
  const values = await readTensorValues(model, tensorOf(model, tensor));
  return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
}

function tensorOf(model: Model, name: string): TensorEntry {
  const tensor = model.tensors.find((one) => one.name === name);
  assert.ok(tensor, `there is a tensor ${name}`);
  return tensor;
}

/** Every byte is the original's, but for elements of the named tensors that became zero. */
async function assertOnlyZeroed(
  model: Model,
  tensors: readonly string[],
  original: string,
  pruned: string,
): Promise<void> {
  const before = await filesOf(original);
  const after = await filesOf(pruned);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  const names = model.files.map(({ name }) => name);
  for (const name of tensors) {
    const { spans, storedElementBytes } = tensorOf(model, name);
    for (const { fileIndex, byteOffset, byteLength } of spans) {
      const file = names[fileIndex] ?? '';
      const [old, now] = [before.get(file), after.get(file)];
      assert.ok(old && now, `${name} lies in a file`);
      // The original takes on each new zero; then nothing may be left that differs.
      for (let at = byteOffset; at < byteOffset + byteLength; at += storedElementBytes) {
        const element = now.subarray(at, at + storedElementBytes);
        if (element.every((byte) => byte === 0)) old.fill(0, at, at + storedElementBytes);
      }
    }
  }
  for (const [file, bytes] of after) {
    assert.ok(before.get(file)?.equals(bytes), `${file}: only pruned weights differ`);
  }
}
