// The command that is printed for a point of a sweep spells the recipe that the point was measured by.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { ENGINE_OPTIONS } from '../../../src/cli/engineOption';
import {
  COMMON_OPTIONS,
  DATA_OPTIONS,
  type OptionValues,
  parseArguments,
  PRUNE_OPTIONS,
} from '../../../src/cli/options';
import { pruneCommandText } from '../../../src/cli/pruneCommandText';
import { recipeFromOptions } from '../../../src/cli/recipeFromOptions';
import type { Recipe } from '../../../src/core/recipe/recipe';
import type { SweepRequest } from '../../../src/core/sweep/sweep';
import { recipeOfPoint } from '../../../src/core/sweep/sweepRecipes';
import { temporaryFolder } from '../../helpers/fixtures';

const OPTIONS = {
  ...COMMON_OPTIONS,
  ...PRUNE_OPTIONS,
  ...DATA_OPTIONS,
  ...ENGINE_OPTIONS,
  output: { type: 'string', short: 'o' },
} as const;

const GRADIENT = { criterion: 'gradient', granularity: 'weight' } as const;

/** What a plan is made of. */
function planned({ criterion, granularity, sparsity, seed, calibration, data }: Recipe): object {
  return { criterion, granularity, sparsity, seed, scored: calibration ?? data, data };
}

/** Asserts that the command for a point gives its recipe. @returns the command */
async function assertSpelled(values: OptionValues, seeds?: readonly number[]): Promise<string> {
  const recipe = await recipeFromOptions(values);
  const request: SweepRequest = {
    path: '/net.onnx',
    recipe,
    methods: [GRADIENT],
    sparsities: [0.5],
    seeds: seeds ?? [recipe.seed],
  };
  const best = { ...GRADIENT, sparsity: 0.5, value: 1, seed: request.seeds[0]! };
  const command = pruneCommandText(best, { values, file: 'net.onnx', request });
  const words = command.split(' ').slice(2);
  const spelled = await recipeFromOptions(parseArguments(words, OPTIONS).values);
  assert.deepEqual(planned(spelled), planned(recipeOfPoint(request, GRADIENT, best)), command);
  return command;
}

test('a sample of the data stays as it is told, unless other seeds draw it', async () => {
  const data = { data: 'd.npz', sample: '60' };
  assert.doesNotMatch(await assertSpelled(data), /calibration/);
  assert.doesNotMatch(await assertSpelled({ ...data, seed: '4' }), /calibration/);
  assert.match(await assertSpelled(data, [1]), / --calibration-sample 60@1 /);
  assert.match(await assertSpelled(data, [0, 1]), / --calibration-sample 60@0 /);
});

test('a sample of the calibration data names the seed that drew it', async () => {
  const values = { data: 'd.npz', calibration: 'c.npz', 'calibration-sample': '8@3,balanced' };
  assert.match(await assertSpelled(values, [0, 1]), / --calibration-sample 8@0,balanced /);
  assert.match(await assertSpelled(values), / --calibration-sample 8@3,balanced /);
});

test('a sample that a recipe takes of its calibration data is told beside the recipe', async (t) => {
  const file = path.join(await temporaryFolder(t), 'r.prune.json');
  const calibration = { file: 'c.npz', sample: { count: 8 } };
  await writeFile(file, JSON.stringify({ data: { file: 'd.npz' }, calibration }));
  assert.match(await assertSpelled({ recipe: file }, [2]), / --calibration-sample 8@2$/);
});

test('values that begin with a dash stay with their option', async () => {
  assert.match(await assertSpelled({ data: 'd.npz', rows: '-50:' }), / --rows=-50: ?/);
});
