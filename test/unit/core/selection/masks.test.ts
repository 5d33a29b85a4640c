import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import type { DType } from '../../../../src/core/model/dtype';
import type { Model } from '../../../../src/core/model/model';
import type { ByteSink } from '../../../../src/core/model/modelSink';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';
import { writeMasks } from '../../../../src/core/selection/masks/writeMasks';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { withoutNetwork } from '../../../../src/core/selection/planScoring';
import { cutsByTensor } from '../../../../src/core/model/applyCut';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';
import { openFixture, openForTest } from '../../../helpers/modelFixtures';
import { seededRandom } from '../../../helpers/random';
import { secateur } from '../../../helpers/commandLine';

const WEIGHTS = [5, 1, 4, 2, 8, 7, 3, 6, 9, 10, 12, 11];
const float32 = (
  name: string,
  shape: readonly number[],
  values: readonly number[],
): MemoryTensor => ({
  name,
  shape,
  dtype: 'float32',
  bytes: bytesOf(Float32Array.from(values)),
});
const model = memoryModel([float32('w', [3, 4], WEIGHTS), float32('v', [1, 2], [0.5, 20])]);

function planWith(
  masks: readonly MemoryTensor[],
  method: object,
  of: Model = model,
): Promise<Plan> {
  const opened = { model: memoryModel(masks), close: () => Promise.resolve() };
  const scoring = { ...withoutNetwork, openMasks: () => Promise.resolve(opened) };
  const recipe = parseRecipe({ mask: 'mask.npz', ...method }, 'test');
  return planPrune(of, recipe, unattended, scoring);
}

/** Flat indices that are zero after the plan. */
async function zeroed(plan: Plan, tensor: string, of: Model = model): Promise<number[]> {
  const entry = of.tensors.find(({ name }) => name === tensor)!;
  const values = await readTensorValues(of, entry, cutsByTensor(plan.entries).get(tensor) ?? null);
  return Array.from(values.keys()).filter((i) => values[i] === 0);
}

const KEPT = [1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1];
const MASKED = [2, 7, 8];
const byteMask: MemoryTensor = {
  name: 'w',
  shape: [3, 4],
  dtype: 'uint8',
  bytes: Uint8Array.from(KEPT),
};

test('without a target, a mask is the whole plan', async () => {
  const plan = await planWith([byteMask], {});
  assert.deepEqual(await zeroed(plan, 'w'), MASKED);
  assert.deepEqual(await zeroed(plan, 'v'), []);
  assert.equal(plan.totals.zeros, 3);
});

test('with a target, what a mask takes goes first and counts towards it', async () => {
  const global = await planWith([byteMask], { sparsity: 6 / 14 });
  // Three by the mask, then the three smallest of the rest: v0, w1, w3.
  assert.deepEqual(await zeroed(global, 'w'), [1, 2, 3, 7, 8]);
  assert.deepEqual(await zeroed(global, 'v'), [0]);
  const less = await planWith([byteMask], { sparsity: 1 / 14 });
  assert.deepEqual(await zeroed(less, 'w'), MASKED, 'never less than the mask');
});

test('lamp counts what a mask takes towards its target over all layers', async () => {
  const random = seededRandom(91);
  const shapes = [
    [12, 9],
    [30, 7],
    [5, 5],
  ];
  const layers = shapes.map((shape, i) =>
    float32(
      `layer${i}`,
      shape,
      Array.from({ length: shape[0]! * shape[1]! }, () => Math.round(9 * (random() - 0.5)) / 3),
    ),
  );
  const many = memoryModel(layers);
  const kept = layers.map(({ bytes }) => Array.from({ length: bytes.length / 4 }, () => random()));
  const masks = layers.map(({ name, shape }, i): MemoryTensor => ({
    ...{ name, shape, dtype: 'uint8' },
    // The first layer is masked nearly whole, far beyond its share.
    bytes: Uint8Array.from(kept[i]!, (one) => (one > (i === 0 ? 0.9 : 0.1) ? 1 : 0)),
  }));
  for (const sparsity of [0.5, 0.7, 0.9]) {
    for (const method of [{ criterion: 'lamp' }, { criterion: 'lamp', maxLayerSparsity: 0.95 }]) {
      const plan = await planWith(masks, { ...method, sparsity }, many);
      assert.equal(plan.totals.zeros, Math.round(sparsity * plan.totals.elementCount));
      for (const { name, bytes } of masks) {
        const gone = new Set(await zeroed(plan, name, many));
        assert.ok(bytes.every((one, index) => one === 1 || gone.has(index)));
      }
    }
  }
});

test('2:4 and whole units take what is masked first', async () => {
  const pattern = await planWith(
    [byteMask],
    { granularity: '2:4', layers: { v: {} }, exclude: ['v'] },
    withInputs(),
  );
  assert.deepEqual(await zeroed(pattern, 'w'), [1, 2, 6, 7, 8, 9]);
  const units = await planWith(
    [byteMask],
    { granularity: 'unit', sparsity: 1 / 3, exclude: ['v'] },
    withInputs(),
  );
  assert.deepEqual(await zeroed(units, 'w'), [0, 1, 2, 3, 7, 8]);
});

/** The same weights, with the inputs on the second axis. */
function withInputs(): Model {
  const layers = model.layers.map((layer) => ({ ...layer, unitAxis: 0, unitCount: 3 }));
  return { ...model, layers };
}

test('a mask may be of any type of numbers, and in any order of axes', async () => {
  const types: readonly [Exclude<DType, 'string'>, ArrayBufferView][] = [
    ['bool', Uint8Array.from(KEPT)],
    ['int8', Int8Array.from(KEPT)],
    ['int32', Int32Array.from(KEPT)],
    ['int64', BigInt64Array.from(KEPT, BigInt)],
    ['float32', Float32Array.from(KEPT)],
    ['float64', Float64Array.from(KEPT, (kept) => (kept === 0 ? -0 : 1))],
  ];
  for (const [dtype, values] of types) {
    const plan = await planWith([{ name: 'w', shape: [3, 4], dtype, bytes: bytesOf(values) }], {});
    assert.deepEqual(await zeroed(plan, 'w'), MASKED, dtype);
  }
  const backwards = KEPT.map((_, i) => KEPT[(i % 3) * 4 + Math.floor(i / 3)]!);
  const fortran = { ...byteMask, bytes: Uint8Array.from(backwards), storageOrder: [1, 0] };
  assert.deepEqual(await zeroed(await planWith([fortran], {}), 'w'), MASKED);
});

test('a value that is neither 0 nor 1 is refused with its tensor, its place and what is allowed', async () => {
  const refused: readonly [Exclude<DType, 'string'>, number, ArrayBufferView][] = [
    ['float32', 0.5, Float32Array.from(KEPT)],
    ['float64', NaN, Float64Array.from(KEPT)],
    ['int8', -1, Int8Array.from(KEPT)],
    ['uint8', 255, Uint8Array.from(KEPT)],
  ];
  for (const [dtype, value, values] of refused) {
    (values as Float32Array)[9] = value;
    const mask = { name: 'w', shape: [3, 4], dtype, bytes: bytesOf(values) };
    const message = `the mask of w: found ${value} at flat index 9; allowed: booleans, or the numbers 0, where a weight goes, and 1, where it stays`;
    await assert.rejects(planWith([mask], {}), new UsageError(message));
  }
});

test('an array that names no tensor, or has another shape, is refused with both', async () => {
  await assert.rejects(planWith([{ ...byteMask, name: 'fc9' }], {}), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /"fc9".*allowed: w, v/);
    return true;
  });
  await assert.rejects(planWith([{ ...byteMask, shape: [4, 3] }], {}), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /mask of w: found the shape \[4, 3\]; allowed: .*\[3, 4\]/);
    return true;
  });
});

test('the mask of a tensor that is not pruned is left out, which is said', async () => {
  const plan = await planWith([byteMask], { exclude: ['w'] });
  assert.deepEqual(plan.warnings, ['the mask of w is left out: it is not pruned']);
});

test('weights that are not finite stay, whatever the mask', async () => {
  const odd = memoryModel([float32('w', [1, 4], [NaN, 1, Infinity, 2])]);
  const mask: MemoryTensor = { name: 'w', shape: [1, 4], dtype: 'uint8', bytes: new Uint8Array(4) };
  const plan = await planWith([mask], {}, odd);
  assert.deepEqual(await zeroed(plan, 'w', odd), [1, 3]);
});

async function savedMasks(of: Model, plan: Plan): Promise<Map<string, Uint8Array>> {
  const chunks: { byteOffset: number; bytes: Uint8Array }[] = [];
  const sink: ByteSink = {
    write: (byteOffset, bytes) => {
      chunks.push({ byteOffset, bytes: bytes.slice() });
      return Promise.resolve();
    },
  };
  await writeMasks(of, plan.entries, sink, unattended);
  const length = Math.max(...chunks.map(({ byteOffset, bytes }) => byteOffset + bytes.length));
  const file = new Uint8Array(length);
  for (const { byteOffset, bytes } of chunks) file.set(bytes, byteOffset);
  return new Map([['npz', file]]);
}

test('saved masks, given back without a target, make the same plan', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [name, method] of [
    ['numpy/iris_mlp.npz', { sparsity: 0.4 }],
    ['pytorch/lenet5_state.pth', { granularity: '2:4' }],
    ['pytorch/lenet5_state.pth', { granularity: 'unit', sparsity: 0.5 }],
    ['keras/lstm.keras', { granularity: 'unit', sparsity: 0.25, scope: 'layer' }],
    ['tfjs/digits_mlp', { granularity: 'block:2x2', sparsity: 0.5 }],
  ] as const) {
    const opened = await openFixture(t, name);
    const plan = await planPrune(opened.model, parseRecipe(method, 'test'), unattended);
    const file = path.join(folder, 'mask.npz');
    await writeFile(file, (await savedMasks(opened.model, plan)).get('npz')!);
    const masks = await openForTest(t, file);
    const scoring = {
      ...withoutNetwork,
      openMasks: () => Promise.resolve({ model: masks.model, close: () => Promise.resolve() }),
    };
    const again = await planPrune(
      opened.model,
      parseRecipe({ mask: file }, 'test'),
      unattended,
      scoring,
    );
    for (const [tensor, cut] of cutsByTensor(plan.entries)) {
      const entry = opened.model.tensors.find((one) => one.name === tensor)!;
      const expected = await readTensorValues(opened.model, entry, cut);
      const found = await readTensorValues(
        opened.model,
        entry,
        cutsByTensor(again.entries).get(tensor),
      );
      assert.deepEqual(found, expected, `${name}: ${tensor}`);
    }
  }
});

test('the command line saves masks of a prune, and prunes by a file of masks', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  const file = fixturePath('safetensors/digits_mlp_f32.safetensors');
  const first = await secateur(
    'prune',
    file,
    '-o',
    at('a.safetensors'),
    '--sparsity',
    '0.7',
    '--save-mask',
    at('m.npz'),
    '--json',
  );
  assert.equal(first.exitCode, 0, first.stderr);
  const second = await secateur(
    'prune',
    file,
    '-o',
    at('b.safetensors'),
    '--mask',
    at('m.npz'),
    '--json',
  );
  assert.equal(second.exitCode, 0, second.stderr);
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) => openForTest(t, at(`${name}.safetensors`))),
  );
  for (const tensor of a!.model.tensors) {
    const other = b!.model.tensors.find(({ name }) => name === tensor.name)!;
    assert.deepEqual(
      await readTensorValues(a!.model, tensor),
      await readTensorValues(b!.model, other),
    );
  }
  const { model: saved } = await openForTest(t, at('m.npz'));
  assert.deepEqual(
    saved.tensors.map(({ name, dtype }) => [name, dtype]),
    [
      ['fc1.weight', 'uint8'],
      ['fc2.weight', 'uint8'],
      ['fc3.weight', 'uint8'],
    ],
  );
  const random = seededRandom(1);
  await writeFile(
    at('wrong.npz'),
    encodeNpz([
      { name: 'fc1.weight', shape: [2, 2], values: Float32Array.from([0, 1, random(), 1]) },
    ]),
  );
  const wrong = await secateur('plan', file, '--mask', at('wrong.npz'));
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.stderr, /fc1\.weight: found the shape \[2, 2\]; allowed: .*\[64, 64\]/);
});
