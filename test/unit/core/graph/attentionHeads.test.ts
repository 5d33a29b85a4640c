import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attentionHeads, type HeadGroup } from '../../../../src/core/graph/attentionHeads';
import { type Model, tensorNamed } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import type { PlanEntry } from '../../../../src/core/report/plan';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { readArrays } from '../../../helpers/npzArrays';

interface HeadOracle {
  readonly importance_L1_qkv_rows_plus_o_cols: readonly number[];
  readonly lowest: number;
  readonly outputs_file: string;
}

const FILES = ['onnx/transformer_legacy.onnx', 'onnx/transformer_dynamo.onnx'];

async function headsOracle(layer: number): Promise<HeadOracle> {
  const { heads } = (await readOracle('pruning/transformer')) as {
    heads: Readonly<Record<string, HeadOracle>>;
  };
  return heads[`layers.${layer}`]!;
}

/** The sum of |w| over the weights of each head, without biases. */
async function importances(model: Model, { count, members }: HeadGroup): Promise<number[]> {
  const sums = new Array<number>(count).fill(0);
  for (const { tensor, map, isBias } of members) {
    if (isBias) continue;
    const values = await readTensorValues(model, tensorNamed(model, tensor));
    values.forEach((value, i) => {
      sums[Math.floor(i / map.inner) % count]! += Math.abs(value);
    });
  }
  return sums;
}

function cutsOf(model: Model, { members }: HeadGroup, head: number): PlanEntry[] {
  return members.map(({ tensor, map }) => ({
    layer: tensor,
    tensor,
    bias: null,
    criterion: 'l1-norm',
    cut: { threshold: null, tieLimit: 0, unitMap: map, zeroedUnits: [head] },
    elementCount: tensorNamed(model, tensor).elementCount,
    zerosBefore: 0,
    zerosAfter: 0,
    nonFinite: 0,
    overridden: false,
  }));
}

for (const file of FILES) {
  test(`the heads of ${file} hold the weights that its reference counts to them`, async (t) => {
    const { model } = await openFixture(t, file);
    const groups = attentionHeads(model);
    assert.equal(groups.length, 2);
    for (const [layer, group] of groups.entries()) {
      const expected = (await headsOracle(layer)).importance_L1_qkv_rows_plus_o_cols;
      const found = await importances(model, group);
      assert.equal(found.length, expected.length);
      expected.forEach((wanted, head) => {
        assert.ok(
          Math.abs(found[head]! - wanted) <= 1e-6 * wanted,
          `head ${head}: ${found[head]!}`,
        );
      });
      assert.equal(group.members.filter(({ isBias }) => isBias).length, 3);
    }
  });

  test(`${file} with one head zeroed gives what its reference without that head gives`, async (t) => {
    const { model } = await openFixture(t, file);
    for (const [layer, group] of attentionHeads(model).entries()) {
      const { lowest, outputs_file: outputs } = await headsOracle(layer);
      const arrays = await readArrays(`oracles/pruning/${outputs}`);
      const executor = await createTfjsExecutor(model, cutsOf(model, group, lowest));
      t.after(() => {
        executor.dispose();
      });
      const [found] = await executor.run([arrays.get('input0')!]);
      const expected = arrays.get('output0')!;
      expected.values.forEach((wanted, i) => {
        assert.ok(Math.abs(found!.values[i]! - wanted) <= 1e-4, `layer ${layer}, output ${i}`);
      });
    }
  });
}

test('the heads of Keras attention lie along the heads of its kernels', async (t) => {
  const { model } = await openFixture(t, 'keras/layers/attention.keras');
  const groups = attentionHeads(model);
  assert.ok(groups.length >= 3);
  for (const { count, members } of groups) {
    for (const { tensor, role, isBias, map } of members) {
      const { shape } = tensorNamed(model, tensor);
      const axis = role === 'output' || isBias ? 0 : 1;
      assert.equal(shape[axis], count, tensor);
      assert.equal(map.count, count);
      assert.equal(
        map.inner,
        shape.slice(axis + 1).reduce((product, size) => product * size, 1),
        tensor,
      );
    }
  }
});

test('a network without attention has no heads', async (t) => {
  for (const file of [
    'onnx/lenet5_legacy.onnx',
    'keras/resbn.keras',
    'pytorch/transformer_state.pt',
  ]) {
    const { model } = await openFixture(t, file);
    assert.deepEqual(attentionHeads(model), [], file);
  }
});
