// Attention heads of the transformer: L1 norms over the rows of queries, keys and values and the columns of the
// output that belong to a head (NumPy, float64, on the weights of torch 2.13.0).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedError } from '../../../../src/core/errors';
import { attentionHeads } from '../../../../src/core/graph/attentionHeads';
import { cutsByTensor } from '../../../../src/core/model/applyCut';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { scoresOf } from '../../../helpers/criteria/commands';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import type { Model } from '../../../../src/core/model/model';

interface HeadOracle {
  readonly importance_L1_qkv_rows_plus_o_cols: readonly number[];
  readonly lowest: number;
}

const FILES = ['onnx/transformer_legacy.onnx', 'onnx/transformer_dynamo.onnx'];

const planOf = (model: Model, method: object): Promise<Plan> =>
  planPrune(
    model,
    parseRecipe({ granularity: 'head', scope: 'layer', ...method }, 'test'),
    unattended,
  );

for (const file of FILES) {
  test(`of each attention of ${file} the head of the least L1 norm goes first`, async (t) => {
    const { model } = await openFixture(t, file);
    const { heads } = (await readOracle('pruning/transformer')) as {
      heads: Record<string, HeadOracle>;
    };
    const groups = attentionHeads(model);
    assert.equal(groups.length, Object.keys(heads).length);
    for (const method of [{}, { criterion: 'l1-norm' }]) {
      const plan = await planOf(model, { sparsity: 0.25, ...method });
      for (const [i, oracle] of Object.values(heads).entries()) {
        const weights = groups[i]!.members.filter(({ isBias }) => !isBias);
        assert.equal(weights.length, 4);
        const lowest = oracle.importance_L1_qkv_rows_plus_o_cols[oracle.lowest]!;
        for (const { tensor } of weights) {
          const entry = plan.entries.find((one) => one.tensor === tensor)!;
          assert.deepEqual(entry.cut.zeroedUnits, [oracle.lowest], tensor);
          assert.ok(Math.abs(entry.threshold! - lowest) <= 1e-6 * lowest, 'importance');
        }
      }
    }
  });

  test(`the scores of the heads of ${file} are their L1 norms, in every weight of the attention`, async (t) => {
    const { model } = await openFixture(t, file);
    const { heads } = (await readOracle('pruning/transformer')) as {
      heads: Record<string, HeadOracle>;
    };
    for (const fields of [{}, { criterion: 'l1-norm' }]) {
      const scores = await scoresOf(file, { granularity: 'head', ...fields });
      const groups = attentionHeads(model);
      for (const [i, oracle] of Object.values(heads).entries()) {
        const wanted = oracle.importance_L1_qkv_rows_plus_o_cols;
        for (const { tensor } of groups[i]!.members.filter(({ isBias }) => !isBias)) {
          const { shape, values } = scores.get(tensor)!;
          assert.deepEqual(shape, [wanted.length]);
          wanted.forEach((one, head) => {
            assert.ok(Math.abs(values[head]! - one) <= 1e-6 * one, `${tensor}, head ${head}`);
          });
        }
      }
      assert.equal(scores.size, 4 * groups.length, 'no other tensor has heads');
    }
  });

  test(`a head of ${file} goes with all its weights and biases, and nothing else does`, async (t) => {
    const { model } = await openFixture(t, file);
    const plan = await planOf(model, { sparsity: 0.25 });
    const cuts = cutsByTensor(plan.entries);
    const changed = new Set<string>();
    for (const tensor of model.tensors.filter(({ dtype }) => dtype === 'float32')) {
      const before = await readTensorValues(model, tensor);
      const after = await readTensorValues(model, tensor, cuts.get(tensor.name) ?? null);
      const zeroed = after.filter((value, i) => value === 0 && before[i] !== 0).length;
      if (zeroed > 0) changed.add(tensor.name);
      if (zeroed > 0) assert.equal(zeroed, tensor.elementCount / 4, tensor.name);
    }
    const members = attentionHeads(model).flatMap((group) =>
      group.members.map(({ tensor }) => tensor),
    );
    assert.deepEqual([...changed].sort(), [...new Set(members)].sort());
  });
}

test('an attention keeps its best head', async (t) => {
  const { model } = await openFixture(t, FILES[0]!);
  const plan = await planOf(model, { sparsity: 1 });
  for (const { cut } of plan.entries) assert.ok(cut.zeroedUnits.length <= 3);
  assert.ok(plan.entries.some(({ cut }) => cut.zeroedUnits.length === 3));
});

test('an attention of which a part is excluded keeps its heads, which is said', async (t) => {
  const { model } = await openFixture(t, FILES[0]!);
  const [first] = attentionHeads(model);
  const output = first!.members.find(({ role }) => role === 'output')!.tensor;
  const layer = model.layers.find(({ weight }) => weight === output)!.name;
  const plan = await planOf(model, { sparsity: 0.25, exclude: [layer] });
  assert.equal(plan.warnings.filter((one) => one.includes('only 3 of the 4 weights')).length, 3);
});

test('a model without heads is refused for them', async (t) => {
  const { model } = await openFixture(t, 'onnx/lenet5_legacy.onnx');
  await assert.rejects(planOf(model, { sparsity: 0.25 }), UnsupportedError);
});
