import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { cutsByTensor } from '../../src/core/model/applyCut';
import type { Model } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import { verifyChecksums } from '../../src/core/model/verifyChecksums';
import { writeModel } from '../../src/core/model/writeModel';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import type { TensorCut } from '../../src/core/report/plan';
import { planPrune } from '../../src/core/selection/planPrune';
import { createModelOutput } from '../../src/node/modelOutput';
import type { OpenedModelFile } from '../../src/node/openModel';
import { temporaryFolder } from './fixtures';
import { openFixture, openForTest } from './modelFixtures';

/** Writes a model of one file with cuts, and returns where it is. */
export async function writeCopy(
  t: TestContext,
  opened: OpenedModelFile,
  cuts: ReadonlyMap<string, TensorCut>,
): Promise<string> {
  const output = path.join(await temporaryFolder(t), path.basename(opened.path));
  const sink = await createModelOutput(opened, { output, replace: false });
  await writeModel(opened.model, cuts, sink, unattended);
  await sink.finish();
  await sink.commit();
  return output;
}

/** A test that a file without cuts is written byte for byte. */
export function testUneditedRewrite(fixture: string): void {
  test(`an unedited rewrite of ${fixture} is byte-identical`, async (t) => {
    const opened = await openFixture(t, fixture);
    const copy = await writeCopy(t, opened, new Map());
    assert.ok((await readFile(copy)).equals(await readFile(opened.path)));
  });
}

/** Bytes of a stored file that belong to the named tensors, or to a checksum over them. */
function mayChange(model: Model, pruned: ReadonlySet<string>, byteLength: number): Uint8Array {
  const flags = new Uint8Array(byteLength);
  for (const { spans, name } of model.tensors) {
    if (!pruned.has(name)) continue;
    for (const { byteOffset, byteLength: length } of spans) {
      flags.fill(1, byteOffset, byteOffset + length);
    }
  }
  for (const { span, crcOffsets } of model.checksums) {
    if (!flags.subarray(span.byteOffset, span.byteOffset + span.byteLength).includes(1)) continue;
    for (const { byteOffset } of crcOffsets) flags.fill(1, byteOffset, byteOffset + 4);
  }
  return flags;
}

/** A test that half of the weights go, nothing else changes, and the file opens again as planned. */
export function testPrunedInPlace(fixture: string): void {
  test(`a pruned ${fixture} differs only inside the pruned tensors`, async (t) => {
    const opened = await openFixture(t, fixture);
    const recipe = parseRecipe({ sparsity: 0.5, unitThreshold: 0.2 }, 'test');
    const plan = await planPrune(opened.model, recipe, unattended);
    const cuts = cutsByTensor(plan.entries);
    const copy = await writeCopy(t, opened, cuts);
    const [before, after] = [await readFile(opened.path), await readFile(copy)];
    assert.equal(after.length, before.length);
    const allowed = mayChange(opened.model, new Set(cuts.keys()), before.length);
    const { inside, outside } = changedBytes(before, after, allowed);
    assert.ok(inside > 0, 'something was pruned');
    assert.deepEqual(outside, []);
    await assertOpensAs(t, opened.model, cuts, copy);
  });
}

/** How many allowed bytes differ, and the offsets of others that do. */
function changedBytes(
  before: Buffer,
  after: Buffer,
  allowed: Uint8Array,
): { readonly inside: number; readonly outside: readonly number[] } {
  let inside = 0;
  const outside: number[] = [];
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    if (allowed[i] === 1) inside += 1;
    else outside.push(i);
  }
  return { inside, outside };
}

/** Asserts that a written file holds the original's tensors with the cuts made, by their values. */
export async function assertOpensAs(
  t: TestContext,
  original: Model,
  cuts: ReadonlyMap<string, TensorCut>,
  copy: string,
): Promise<void> {
  const { model } = await openForTest(t, copy);
  await verifyChecksums(model, unattended);
  assert.deepEqual(
    model.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    original.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
  );
  for (const [i, tensor] of original.tensors.entries()) {
    const expected = await readTensorValues(original, tensor, cuts.get(tensor.name) ?? null);
    const found = await readTensorValues(model, model.tensors[i]!);
    assert.deepEqual(found, expected, tensor.name);
  }
}
