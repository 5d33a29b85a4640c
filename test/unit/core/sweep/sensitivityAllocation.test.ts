import assert from 'node:assert/strict';
import test from 'node:test';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { planScoring } from '../../../../src/core/selection/planScoring';
import { fixturePath } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { networksInProcess } from '../../../helpers/networksInProcess';

const FIXTURE = 'onnx/digits_mlp_legacy.onnx';
const digits = { file: fixturePath('datasets/digits.npz'), scale: 1 / 16 };
const data = { ...digits, split: 'test' };
const calibration = { ...digits, split: 'train', rows: [0, 500] };

test('an allocation by measured sensitivity takes exactly what is asked, and costs less than equal shares', async (t) => {
  const { model } = await openFixture(t, FIXTURE);
  const path = fixturePath(FIXTURE);
  const ports = networksInProcess();
  const [measured, uniform] = await Promise.all(
    [{ allocation: 'sensitivity' }, { scope: 'layer' }].map((shares) => {
      const fields = { ...shares, sparsity: 0.9, data, calibration };
      const recipe = parseRecipe(fields, 'the test');
      return planPrune(model, recipe, unattended, planScoring(ports.scoring, path, recipe));
    }),
  );
  assert.equal(measured!.totals.zeros, Math.round(0.9 * measured!.totals.elementCount));
  assert.ok(Math.abs(measured!.totals.zeros - uniform!.totals.zeros) <= 3, 'but for rounding');
  const variants = [measured!.entries, uniform!.entries];
  const request = {
    path,
    architecture: null,
    data: parseRecipe({ data }, 'the test').data!,
    seed: 0,
  };
  const found = await ports.evaluateMany({ ...request, variants }, unattended);
  const [after, equal] = found.variants;
  assert.ok(after!.loss < equal!.loss, `${after!.loss} against ${equal!.loss}`);
});
