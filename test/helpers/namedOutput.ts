import path from 'node:path';
import type { TestContext } from 'node:test';
import { cutsByTensor } from '../../src/core/model/applyCut';
import { writeModel } from '../../src/core/model/writeModel';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import type { TensorCut } from '../../src/core/report/plan';
import { planPrune } from '../../src/core/selection/planPrune';
import { createModelOutput } from '../../src/node/modelOutput';
import type { OpenedModelFile } from '../../src/node/openModel';
import { temporaryFolder } from './fixtures';

/** The cuts that a recipe makes in a model. */
export async function cutsOf(
  { model }: OpenedModelFile,
  recipe: Readonly<Record<string, unknown>>,
): Promise<ReadonlyMap<string, TensorCut>> {
  const plan = await planPrune(model, parseRecipe(recipe, 'test'), unattended);
  return cutsByTensor(plan.entries);
}

/** Writes a model with some cuts, or none, to a path. @returns the main file's path. */
export async function writeAs(
  opened: OpenedModelFile,
  output: string,
  cuts: ReadonlyMap<string, TensorCut> = new Map(),
): Promise<string> {
  const written = await createModelOutput(opened, { output, replace: false });
  await writeModel(opened.model, cuts, written, unattended);
  await written.finish();
  return written.commit();
}

/** A path of this name in an empty folder that is removed when the test ends. */
export async function emptyPlace(t: TestContext, name: string): Promise<string> {
  return path.join(await temporaryFolder(t), name);
}
