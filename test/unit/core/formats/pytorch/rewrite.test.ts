import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readdirSync } from 'node:fs';
import { fixturePath } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import { testPrunedInPlace, testUneditedRewrite } from '../../../../helpers/rewriteInPlace';

for (const file of readdirSync(fixturePath('pytorch'))) testUneditedRewrite(`pytorch/${file}`);

for (const file of [
  'digits_mlp_state.pt',
  'digits_mlp_legacy.pth',
  'digits_mlp_full_module.pt',
  'digits_mlp_full_module_legacy.pth',
  'digits_mlp_torchscript.pt',
  'digits_mlp_checkpoint.pt',
  'digits_mlp_pruned_orig_mask.pt',
  'resnet_state.pt',
  'lstm_state.pt',
  'transformer_state.pt',
]) {
  testPrunedInPlace(`pytorch/${file}`);
}

test('of tied weights and views the first is pruned, the others are locked and named', async (t) => {
  for (const file of ['edge_dtypes_views.pt', 'edge_dtypes_views_legacy.pth']) {
    const { model } = await openFixture(t, 'pytorch', file);
    const locks = Object.fromEntries(model.layers.map(({ name, lockedBy }) => [name, lockedBy]));
    assert.deepEqual(
      ['base', 'transposed', 'strided', 'tied', 'row1', 'param', 'f16'].map((name) => locks[name]),
      [null, 'shared', 'shared', 'shared', 'rank', null, null],
    );
    const tied = model.notices.filter(({ code }) => code === 'tied-tensors');
    assert.deepEqual(
      tied.map(({ message }) => message),
      ['transposed, strided, tied share bytes with base, which is pruned for all of them'],
    );
  }
});

test('weights under torch.nn.utils.prune are one layer each, and their masks none', async (t) => {
  const { model } = await openFixture(t, 'pytorch/digits_mlp_pruned_orig_mask.pt');
  assert.deepEqual(
    model.layers.map(({ name, weight, bias, parameters }) => ({ name, weight, bias, parameters })),
    [
      {
        name: 'fc1',
        weight: 'fc1.weight_orig',
        bias: 'fc1.bias',
        parameters: ['fc1.weight_orig', 'fc1.weight_mask', 'fc1.bias'],
      },
      {
        name: 'fc2',
        weight: 'fc2.weight_orig',
        bias: 'fc2.bias',
        parameters: ['fc2.weight_orig', 'fc2.weight_mask', 'fc2.bias'],
      },
      {
        name: 'fc3',
        weight: 'fc3.weight',
        bias: 'fc3.bias',
        parameters: ['fc3.weight', 'fc3.bias'],
      },
    ],
  );
  assert.match(model.notices.map(({ message }) => message).join(), /fc1\.weight_mask/);
});

test('the weights of a recurrent layer are pruned weight by weight', async (t) => {
  const { model } = await openFixture(t, 'pytorch/lstm_state.pt');
  const lstm = model.layers.filter(({ weight }) => weight?.startsWith('lstm.'));
  assert.deepEqual(
    lstm.map(({ weight, operator, unitAxis, prunable }) => [weight, operator, unitAxis, prunable]),
    [
      ['lstm.weight_ih_l0', 'recurrent', null, true],
      ['lstm.weight_hh_l0', 'recurrent', null, true],
    ],
  );
});

test("a checkpoint's optimizer state is carried along and has no layers", async (t) => {
  const { model } = await openFixture(t, 'pytorch/digits_mlp_checkpoint.pt');
  const optimizer = model.tensors.filter(({ role }) => role === 'optimizer');
  assert.equal(optimizer.length, 18);
  assert.ok(optimizer.every(({ name }) => name.startsWith('optimizer_state_dict.state.')));
  assert.deepEqual(
    model.layers.map(({ name }) => name),
    ['fc1', 'fc2', 'fc3'].map((name) => `model_state_dict.${name}`),
  );
  assert.equal(model.metadata['epoch'], 40);
});
