import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { tensorNamed } from '../../../../src/core/model/model';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { readArrays } from '../../../helpers/npzArrays';
import { scoresOnData, type ScoredFixture, scoringHere } from '../../../helpers/scoredFixture';
import { digitsArchitecture } from '../tfjs/modelFixtures';

const calibration = {
  file: 'datasets/digits.npz',
  split: 'train',
  rows: [0, 256] as const,
  scale: 1 / 16,
};

/** Files of one network, its weights [out, in] or, `transposed`, [in, out]. */
const FILES: readonly (ScoredFixture & { tensor: string; transposed?: true })[] = [
  { fixture: 'onnx/digits_mlp_legacy.onnx', data: calibration, tensor: 'fc2.weight' },
  { fixture: 'onnx/digits_mlp_dynamo.onnx', data: calibration, tensor: 'fc2.weight' },
  {
    fixture: 'onnx/digits_mlp_matmul_ir3_opset9.onnx',
    data: calibration,
    tensor: 'W2',
    transposed: true,
  },
  {
    fixture: 'safetensors/digits_mlp_f32.safetensors',
    architecture: digitsArchitecture,
    data: calibration,
    tensor: 'fc2.weight',
  },
];

/** A byte a weight, 1 = kept, [out, in]. */
function digestOf(mask: Uint8Array, isTransposed: boolean, rows: number): string {
  const columns = mask.length / rows;
  const bytes = isTransposed
    ? mask.map((_, i) => mask[(i % columns) * rows + Math.floor(i / columns)]!)
    : mask;
  return createHash('sha256').update(bytes).digest('hex');
}

for (const given of FILES) {
  test(`wanda prunes half of each row of ${given.fixture} as its reference does`, async (t) => {
    const { reconstruction } = (await readOracle('pruning/digits_mlp')) as {
      reconstruction: { wanda_per_row: { pruned: number; mask_sha256: string } };
    };
    const { model } = await openFixture(t, given.fixture);
    const recipe = parseRecipe({ criterion: 'wanda', sparsity: 0.5 }, 'recipe');
    const plan = await planPrune(model, recipe, unattended, scoringHere(t, given));
    const entry = plan.entries.find(({ tensor }) => tensor === given.tensor)!;
    assert.equal(entry.zerosAfter, reconstruction.wanda_per_row.pruned);
    const tensor = tensorNamed(model, given.tensor);
    const values = await readTensorValues(model, tensor, entry.cut);
    const mask = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    const digest = digestOf(mask, given.transposed === true, 64);
    assert.equal(digest, reconstruction.wanda_per_row.mask_sha256);
    assert.equal(plan.scored?.samples, 256);
  });
}

test('a score of wanda is the magnitude of the weight times the norm of what it is multiplied with', async (t) => {
  const given = FILES[0]!;
  const wanted = { criterion: 'wanda', tensors: ['fc1.weight'] } as const;
  const scores = (await scoresOnData(t, given, wanted)).get('fc1.weight')!;
  const { model } = await openFixture(t, given.fixture);
  const weights = await readTensorValues(model, tensorNamed(model, 'fc1.weight'));
  const x = (await readArrays('datasets/digits.npz', (name) => name === 'x_train')).get('x_train')!;
  const norms = Array.from({ length: 64 }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < 256; row++) sum += (x.values[row * 64 + column]! / 16) ** 2;
    return Math.sqrt(sum);
  });
  scores.forEach((score, i) => {
    const expected = Math.abs(weights[i]!) * norms[i % 64]!;
    assert.ok(
      Math.abs(score - expected) <= 1e-6 * expected,
      `weight ${i}: ${score} for ${expected}`,
    );
  });
});

test('the hidden state that a recurrent kernel reads is all but the last of the sequence', async (t) => {
  const data = { file: 'datasets/waves.npz', split: 'test', rows: [0, 20] as const };
  const fixture = 'keras/gru.keras';
  const kernels = ['layers/gru/cell/vars/1', 'layers/gru_1/cell/vars/0'];
  const scores = await scoresOnData(t, { fixture, data }, { criterion: 'wanda', tensors: kernels });
  const { model } = await openFixture(t, fixture);
  // Both kernels meet the sequence of the first layer: the second one's whole, the first one's own without its end.
  const normsOf = async (name: string): Promise<number[]> => {
    const tensor = tensorNamed(model, name);
    const weights = await readTensorValues(model, tensor);
    const [rows = 1, columns = 1] = tensor.shape;
    return Array.from({ length: rows }, (_, row) => {
      const at = row * columns;
      return scores.get(name)![at]! / Math.abs(weights[at]!);
    });
  };
  const [own, whole] = [await normsOf(kernels[0]!), await normsOf(kernels[1]!)];
  assert.equal(own.length, 12);
  own.forEach((norm, unit) => {
    assert.ok(norm > 0 && norm < whole[unit]!, `unit ${unit}: ${norm} of ${whole[unit]!}`);
    // 23 of 24 steps.
    assert.ok(norm ** 2 > 0.75 * whole[unit]! ** 2, `unit ${unit}`);
  });
});
