import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cutsByTensor } from '../../../../../src/core/model/applyCut';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { fixturePath } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import {
  assertOpensAs,
  testPrunedInPlace,
  testUneditedRewrite,
  writeCopy,
} from '../../../../helpers/rewriteInPlace';

for (const file of readdirSync(fixturePath('paddle'))) testUneditedRewrite(`paddle/${file}`);

for (const file of [
  'digits_mlp_proto4.pdparams',
  'digits_mlp_proto3_numpy1names.pdparams',
  'lenet5_proto4.pdparams',
  'nested_checkpoint_proto4.pdparams',
]) {
  testPrunedInPlace(`paddle/${file}`);
}

for (const file of [
  'digits_mlp_proto2_numpy1names.pdparams',
  'digits_mlp_proto2_sliced.pdparams',
]) {
  test(`a pruned ${file} has its texts and their lengths written anew`, async (t) => {
    const opened = await openFixture(t, 'paddle', file);
    const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
    const plan = await planPrune(opened.model, recipe, unattended);
    assert.equal(plan.totals.zeros, 4416, 'half of the 8832 weights');
    const cuts = cutsByTensor(plan.entries);
    const copy = await writeCopy(t, opened, cuts);
    assert.ok(readFileSync(copy).length < readFileSync(opened.path).length, 'zeros take one byte');
    await assertOpensAs(t, opened.model, cuts, copy);
  });
}

test('the slices of a large parameter are pruned like the whole', async (t) => {
  const whole = await openFixture(t, 'paddle/digits_mlp_proto2_numpy1names.pdparams');
  const sliced = await openFixture(t, 'paddle/digits_mlp_proto2_sliced.pdparams');
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  const zeros = async ({ model }: typeof whole): Promise<number> => {
    const { entries } = await planPrune(model, recipe, unattended);
    const fc1 = entries.filter(({ tensor }) => tensor.startsWith('fc1.weight'));
    return fc1.reduce((sum, { zerosAfter }) => sum + zerosAfter, 0);
  };
  assert.equal(await zeros(sliced), await zeros(whole));
});
