import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { SecateurError } from '../../../../src/core/errors';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import { unattended } from '../../../../src/core/progress';
import { createRandom } from '../../../../src/core/random';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { type PlanScoring, withoutNetwork } from '../../../../src/core/selection/planScoring';
import { scoreFile } from '../../../../src/engines/scoring/scoreFile';
import { openModelFile } from '../../../../src/node/openModel';
import { mutate } from '../../../fuzz/mutate';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const MUTANTS = 250;

const MODEL = fixturePath('onnx/digits_mlp_legacy.onnx');
const TENSORS = ['fc1.weight', 'fc2.weight', 'fc3.weight'];

/** Scores of the digits' network by wanda. */
async function scoresFile(t: TestContext): Promise<string> {
  const output = path.join(await temporaryFolder(t), 'scores.npz');
  const data = { file: fixturePath('datasets/digits.npz'), split: 'test', rows: [0, 8] } as const;
  const request = { criterion: 'wanda', options: {}, tensors: TENSORS, cuts: [], seed: 0 } as const;
  await scoreFile({ ...request, path: MODEL, architecture: null, data, output }, unattended);
  return output;
}

/** Plans with each mutant of a file of arrays in turn. @returns how many were taken. */
async function planWithMutants(
  t: TestContext,
  file: string,
  plan: { readonly recipe: object; readonly scoring: (mutant: string) => PlanScoring },
): Promise<number> {
  const original = await readFile(file);
  const mutant = path.join(await temporaryFolder(t), 'mutant.npz');
  const opened = await openModelFile(MODEL);
  t.after(() => opened.close());
  const recipe = parseRecipe(plan.recipe, 'hostile');
  let taken = 0;
  for (let index = 0; index < MUTANTS; index++) {
    await writeFile(mutant, mutate(original, createRandom(index)));
    try {
      const { entries } = await planPrune(opened.model, recipe, unattended, plan.scoring(mutant));
      for (const { zerosAfter, elementCount } of entries) assert(zerosAfter <= elementCount);
      taken += 1;
    } catch (error) {
      if (!(error instanceof SecateurError)) throw error;
      assert(['usage', 'format', 'unsupported'].includes(error.kind), error.message);
      assert(error.message.length < 1000, `a message of ${error.message.length} characters`);
    }
  }
  return taken;
}

test('a broken file of scores gives a plan or an error of its kind', async (t) => {
  const scoring = (mutant: string): PlanScoring => ({
    ...withoutNetwork,
    score: async () => {
      const opened = await openModelFile(mutant);
      const close = (): Promise<void> => opened.close();
      return { arrays: opened.model, samples: 8, engine: 'none', close };
    },
  });
  const recipe = { criterion: 'wanda', sparsity: 0.5 };
  const taken = await planWithMutants(t, await scoresFile(t), { recipe, scoring });
  assert(taken > 0 && taken < MUTANTS, `${taken} were taken`);
});

test('a broken file of masks gives a plan or an error of its kind', async (t) => {
  const file = path.join(await temporaryFolder(t), 'masks.npz');
  const masks = TENSORS.map((name) => {
    const shape = name === 'fc3.weight' ? [10, 64] : [64, 64];
    const values = Uint8Array.from({ length: (shape[0] ?? 0) * 64 }, (_, i) =>
      i % 3 === 0 ? 0 : 1,
    );
    return { name, shape, values };
  });
  await writeFile(file, encodeNpz(masks));
  const recipe = { criterion: 'magnitude', mask: 'masks.npz' };
  const scoring = (mutant: string): PlanScoring => ({
    ...withoutNetwork,
    openMasks: () => openModelFile(mutant),
  });
  const taken = await planWithMutants(t, file, { recipe, scoring });
  assert(taken > 0 && taken < MUTANTS, `${taken} were taken`);
});
