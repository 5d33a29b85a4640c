import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SecateurError } from '../../../../src/core/errors';
import type { Model } from '../../../../src/core/model/model';
import { unattended } from '../../../../src/core/progress';
import { createRandom } from '../../../../src/core/random';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';
import { withHostileFields } from '../../../helpers/hostileJson';

const MUTANTS = 1500;

/** Together they have every field of a recipe. */
const RECIPES = [
  { criterion: 'magnitude', granularity: '2:4', scope: 'layer', seed: 3, only: ['**'], lock: [] },
  {
    ...{
      model: 'm.onnx',
      output: 'o.onnx',
      criterion: 'lamp',
      sparsity: 0.5,
      maxLayerSparsity: 0.8,
    },
    ...{ allocation: 'erk', exclude: ['/fc3/*'], bounds: { accuracyDrop: 0.1, lossIncrease: 2 } },
    schedule: { kind: 'agp', steps: 3 },
  },
  {
    ...{ criterion: 'l2-norm', options: { reduction: 'mean' }, granularity: 'unit' },
    layers: {
      '/fc1/Gemm': { sparsity: 0.25, granularity: 'unit:input', unitThreshold: null },
      '/fc2/Gemm': { threshold: 0.1, unitAxis: 0 },
    },
  },
  { criterion: 'magnitude', threshold: 0.05, unitThreshold: 0.3, mask: 'm.npz', layout: 'torch' },
  {
    criterion: 'random',
    granularity: 'block:4x4',
    macs: 0.5,
    reconstruction: { kind: 'least-squares', damping: 0.01 },
  },
  { criterion: 'magnitude', maxBytes: 9000 },
  { criterion: 'magnitude', stdFactor: 0.5 },
  {
    criterion: 'obd',
    options: {
      hessian: 'hutchinson',
      probes: 4,
      damping: 0.1,
      blockSize: 128,
      sigma: 0.1,
      extent: 'layer',
    },
    data: {
      ...{
        file: 'd.npz',
        inputs: ['x'],
        labels: 'y',
        split: { fraction: 0.5, seed: 1, rest: true },
      },
      ...{ rows: [0, 10], sample: { count: 5, seed: 2, balanced: true }, shuffle: 1, scale: 0.5 },
      ...{ mean: [0], std: [1], layout: 'nchw', image: { size: [8, 8], resize: 'crop' }, folds: 3 },
      ...{ header: true, delimiter: ',', loss: 'ce', topK: 2, classNames: ['a', 'b'] },
    },
    calibration: { file: 'c.npz', split: 'train' },
    architecture: {
      axisOrder: 'in-out',
      layers: [{ name: 'a', kernel: 'k', bias: 'b', activation: 'relu' }],
    },
  },
] as const;

async function digits(t: TestContext): Promise<Model> {
  const opened = await openModelFile(fixturePath('onnx/digits_mlp_legacy.onnx'));
  t.after(() => opened.close());
  return opened.model;
}

/** Null for a plan; the message where the recipe is refused for a reason. */
async function refusalOf(model: Model, value: unknown): Promise<string | null> {
  try {
    const plan = await planPrune(model, parseRecipe(value, 'hostile.prune.json'), unattended);
    for (const { zerosAfter, elementCount } of plan.entries) assert(zerosAfter <= elementCount);
    return null;
  } catch (error) {
    if (!(error instanceof SecateurError)) throw error;
    assert(
      ['usage', 'unsupported', 'bound'].includes(error.kind),
      `${error.kind}: ${error.message}`,
    );
    return error.message;
  }
}

test('a recipe with hostile fields gives a plan or a refusal that says what is allowed', async (t) => {
  const model = await digits(t);
  const tally = { planned: 0, refused: 0 };
  for (let index = 0; index < MUTANTS; index++) {
    const recipe = RECIPES[index % RECIPES.length] ?? {};
    const mutant = withHostileFields(recipe, createRandom(index));
    const refusal = await refusalOf(model, mutant);
    tally[refusal === null ? 'planned' : 'refused'] += 1;
    if (refusal === null) continue;
    assert.match(
      refusal,
      /found|allowed|supported|at most|but the model's layers are/,
      JSON.stringify(mutant).slice(0, 500),
    );
    assert(refusal.length < 2000, `a message of ${refusal.length} characters`);
  }
  assert(tally.planned > MUTANTS / 20 && tally.refused > MUTANTS / 4, JSON.stringify(tally));
});
