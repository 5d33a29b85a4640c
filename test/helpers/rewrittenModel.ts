import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { cutsByTensor } from '../../src/core/model/applyCut';
import { isNumeric } from '../../src/core/model/decodeValues';
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
import { openForTest } from './modelFixtures';

/** Writes a model with the cuts of a recipe into a folder of its own and returns the written path. */
export async function writePruned(
  t: TestContext,
  opened: OpenedModelFile,
  recipe: Readonly<Record<string, unknown>>,
): Promise<{ readonly written: string; readonly cuts: ReadonlyMap<string, TensorCut> }> {
  const plan = await planPrune(opened.model, parseRecipe(recipe, 'test'), unattended);
  const cuts = cutsByTensor(plan.entries);
  const inFolder = opened.sources.length > 1;
  const place = path.join(await temporaryFolder(t), inFolder ? 'out' : path.basename(opened.path));
  const output = await createModelOutput(opened, { output: place, replace: false });
  await writeModel(opened.model, cuts, output, unattended);
  await output.finish();
  await output.commit();
  return { written: place, cuts };
}

/**
 * Asserts that a written model holds the original's tensors with the cuts made, and nothing else
 * changed, as our own readers see both.
 */
export async function assertWrittenAsPlanned(
  t: TestContext,
  opened: OpenedModelFile,
  { written, cuts }: Awaited<ReturnType<typeof writePruned>>,
): Promise<void> {
  const { model } = await openForTest(t, written);
  await verifyChecksums(model, unattended);
  assert.deepEqual(
    model.tensors.map(({ name }) => name),
    opened.model.tensors.map(({ name }) => name),
  );
  assert.ok(cuts.size > 0, 'something was cut');
  for (const [i, tensor] of opened.model.tensors.entries()) {
    if (!isNumeric(tensor.dtype)) continue;
    const expected = await readTensorValues(opened.model, tensor, cuts.get(tensor.name) ?? null);
    assert.deepEqual(await readTensorValues(model, model.tensors[i]!), expected, tensor.name);
  }
}
