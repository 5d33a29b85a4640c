import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multiplyAccumulates } from '../../../../../src/core/graph/macs';
import type { Model } from '../../../../../src/core/model/model';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { packedModelBytes } from '../../../../../src/core/report/packedSize';
import type { Plan } from '../../../../../src/core/report/plan';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { bytesOf, memoryModel } from '../../../../helpers/memoryModel';
import { openFixture } from '../../../../helpers/modelFixtures';
import { matrix, randomMatrices } from '../../../../helpers/randomTensors';
import { seededRandom } from '../../../../helpers/random';

const planOf = (model: Model, fields: object): Promise<Plan> =>
  planPrune(model, parseRecipe(fields, 'test'), unattended);

/** The share of the multiply-accumulates that a plan leaves. */
function macsLeft(model: Model, { entries }: Plan): number {
  const { total, perWeight } = multiplyAccumulates(model);
  const gone = entries.reduce(
    (sum, { tensor, zerosAfter }) => sum + zerosAfter * (perWeight.get(tensor) ?? 0),
    0,
  );
  return (total - gone) / total;
}

/** The same recipe with a sparsity that takes one weight less than a plan did. */
function oneLess({ totals }: Plan, fields: object): object {
  return {
    ...fields,
    macs: undefined,
    maxBytes: undefined,
    sparsity: (totals.zeros - 1) / totals.elementCount,
  };
}

const MACS: readonly (readonly [string, object])[] = [
  ['onnx/lenet5_legacy.onnx', {}],
  ['onnx/mobilenet_bn_folded.onnx', {}],
  ['onnx/transformer_dynamo.onnx', {}],
  ['keras/lenet5.keras', { maxLayerSparsity: 0.9 }],
  ['tfjs/resbn', { allocation: 'erk' }],
  ['onnx/lstm_legacy.onnx', { criterion: 'random' }],
];

for (const [fixture, method] of MACS) {
  test(`${fixture} ${JSON.stringify(method)}: no more multiply-accumulates are left than asked for, and with a weight more they are`, async (t) => {
    const { model } = await openFixture(t, fixture);
    for (const macs of [0.7, 0.35]) {
      const plan = await planOf(model, { ...method, macs });
      assert.ok(macsLeft(model, plan) <= macs, `${macs}: ${macsLeft(model, plan)} are left`);
      const less = await planOf(model, oneLess(plan, method));
      assert.equal(less.totals.zeros, plan.totals.zeros - 1);
      assert.ok(macsLeft(model, less) > macs);
    }
  });
}

for (const allocation of ['uniform', 'uniform-plus', 'erk', 'lamp']) {
  // Every layer of a uniform one is rounded by itself: one weight less in all is no sparsity of it.
  const isExact = allocation !== 'uniform';
  test(`allocation ${allocation}: no more bytes are left than asked for${isExact ? ', and with a weight more they are' : ''}`, async () => {
    const random = seededRandom(35);
    for (let round = 0; round < 6; round++) {
      const model = memoryModel(randomMatrices(random, false));
      const maxBytes = Math.ceil((0.4 + 0.5 * random()) * packedModelBytes(model, []));
      const plan = await planOf(model, { maxBytes, allocation });
      assert.ok(packedModelBytes(model, plan.entries) <= maxBytes);
      if (!isExact) continue;
      const less = await planOf(model, { ...oneLess(plan, {}), allocation });
      assert.ok(packedModelBytes(model, less.entries) > maxBytes, `round ${round}`);
    }
  });
}

test('whole units go until no more multiply-accumulates are left than asked for', async (t) => {
  const { model } = await openFixture(t, 'onnx/lenet5_legacy.onnx');
  const plan = await planOf(model, { criterion: 'l2-norm', granularity: 'unit', macs: 0.5 });
  assert.ok(macsLeft(model, plan) <= 0.5);
  assert.ok(macsLeft(model, plan) > 0.4);
  assert.ok(plan.entries.some(({ cut }) => cut.zeroedUnits.length > 0));
});

test('no more packed bytes are left than asked for, and with a weight more they are', async (t) => {
  for (const fixture of [
    'safetensors/resnet.safetensors',
    'safetensors/digits_mlp_bf16.safetensors',
  ]) {
    const { model } = await openFixture(t, fixture);
    const whole = packedModelBytes(model, []);
    for (const share of [0.9, 0.4, 0.25]) {
      const maxBytes = Math.floor(share * whole);
      const plan = await planOf(model, { maxBytes });
      assert.ok(packedModelBytes(model, plan.entries) <= maxBytes);
      const less = await planOf(model, oneLess(plan, {}));
      assert.ok(packedModelBytes(model, less.entries) > maxBytes, `${fixture} at ${share}`);
    }
  }
});

test('element types of several widths and zeros that were there before count as they are', async () => {
  const random = seededRandom(34);
  for (let round = 0; round < 20; round++) {
    const narrow = randomMatrices(random, false).map((one) => withSomeZeros(one, random));
    const wide = Float64Array.from({ length: 300 }, () => random() - 0.5);
    const model = memoryModel([
      ...narrow,
      { name: 'wide', shape: [20, 15], dtype: 'float64', bytes: bytesOf(wide) },
    ]);
    const least = await planOf(model, { sparsity: 1 });
    const bounds = [packedModelBytes(model, least.entries), packedModelBytes(model, [])] as const;
    const maxBytes = Math.ceil(bounds[0] + (bounds[1] - bounds[0]) * random());
    const plan = await planOf(model, { maxBytes });
    assert.ok(packedModelBytes(model, plan.entries) <= maxBytes);
    const before = plan.entries.reduce((sum, { zerosBefore }) => sum + zerosBefore, 0);
    if (plan.totals.zeros === before) continue;
    const less = await planOf(model, oneLess(plan, {}));
    assert.ok(packedModelBytes(model, less.entries) > maxBytes, `round ${round}`);
  }
});

function withSomeZeros(
  tensor: ReturnType<typeof matrix>,
  random: () => number,
): ReturnType<typeof matrix> {
  const values = new Float32Array(tensor.bytes.buffer.slice(0));
  const sparse = values.map((value) => (random() < 0.2 ? 0 : value));
  return matrix(tensor.name, tensor.shape as [number, number], sparse);
}

test('a model that is small enough already loses nothing', async () => {
  const model = memoryModel([matrix('a', [2, 2], [1, 2, 3, 4])]);
  const plan = await planOf(model, { maxBytes: 16 });
  assert.equal(plan.totals.zeros, 0);
});

test('tensors without elements lose nothing, whatever shares out what is to be left', async () => {
  const empty = matrix('a', [0, 2], []);
  const model = memoryModel([empty, { ...empty, name: 'b' }]);
  for (const allocation of ['uniform', 'uniform-plus', 'erk', 'lamp']) {
    for (const granularity of ['weight', 'unit', 'block:2x2']) {
      const plan = await planOf(model, { maxBytes: 1, allocation, granularity });
      assert.deepEqual([plan.totals.zeros, plan.totals.sparsity], [0, 0], allocation);
    }
  }
});

test('what cannot be reached is refused with the numbers', async (t) => {
  const small = memoryModel([matrix('a', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8])]);
  await assert.rejects(planOf(small, { maxBytes: 10, maxLayerSparsity: 0.5 }), {
    name: 'BoundError',
    message: /packed bytes: at most 10 are to be left, but the method leaves 17 at the least/,
  });
  const { model } = await openFixture(t, 'safetensors/digits_mlp_f32.safetensors');
  await assert.rejects(planOf(model, { macs: 0.5 }), {
    name: 'UnsupportedError',
    message: /counting multiply-accumulates/,
  });
});
