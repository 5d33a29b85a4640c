import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCutFunction } from '../../../../src/core/model/applyCut';
import { makeDecodeScratch } from '../../../../src/core/model/decodeValues';
import type { Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { DEFAULT_RECIPE, parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../../../src/core/recipe/recipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { roundHalfEven } from '../../../../src/core/selection/roundHalfEven';
import { readOracle } from '../../../helpers/fixtures';
import { bytesOf, memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';
import { scoresInMemory } from '../../../helpers/scoresInMemory';

const recipe = (fields: object): Recipe => parseRecipe({ ...fields }, 'test');

/** Which flat indices of each tensor are zero after the plan, by reading with its cuts. */
async function zeroedBy(
  model: Model,
  plan: Awaited<ReturnType<typeof planPrune>>,
): Promise<boolean[][]> {
  const result: boolean[][] = [];
  for (const entry of plan.entries) {
    const tensor = model.tensors.find(({ name }) => name === entry.tensor)!;
    const values = await readTensorValues(model, tensor, entry.cut);
    result.push(Array.from(values, (value) => value === 0));
  }
  return result;
}

/** The definition, by sorting everything: the k smallest by (magnitude, tensor, flat index). */
function expectedMasks(tensors: readonly ArrayLike<number>[], k: number): boolean[][] {
  const all = tensors.flatMap((values, tensor) =>
    Array.from(values, (value, index) => ({ magnitude: Math.abs(value), tensor, index })),
  );
  const finite = all.filter(({ magnitude }) => Number.isFinite(magnitude));
  finite.sort((a, b) => a.magnitude - b.magnitude || a.tensor - b.tensor || a.index - b.index);
  const masks = tensors.map((values) => Array.from(values, (value) => value === 0));
  for (const { tensor, index } of finite.slice(0, k)) masks[tensor]![index] = true;
  return masks;
}

const float32 = (name: string, values: readonly number[] | Float32Array): MemoryTensor => ({
  name,
  shape: [1, values.length],
  dtype: 'float32',
  bytes: bytesOf(Float32Array.from(values)),
});

const float64 = (name: string, values: readonly number[]): MemoryTensor => ({
  name,
  shape: [1, values.length],
  dtype: 'float64',
  bytes: bytesOf(Float64Array.from(values)),
});

test('the number pruned is the product rounded half to even, as in torch.nn.utils.prune', async () => {
  const { rounding } = (await readOracle('conventions')) as {
    rounding: { cases: { n: number; amount: number; pruned: number }[] };
  };
  assert.ok(rounding.cases.length > 10);
  for (const { n, amount, pruned } of rounding.cases) {
    assert.equal(roundHalfEven(amount * n), pruned, `${amount} of ${n}`);
  }
});

test('among equal magnitudes the lowest flat index is pruned first', async () => {
  const { ties } = (await readOracle('conventions')) as {
    ties: { cases: { w: number[]; amount: number; keep: number[] }[] };
  };
  for (const { w, amount, keep } of ties.cases) {
    for (const tensor of [float32('w', w), float64('w', w)]) {
      const model = memoryModel([tensor]);
      const plan = await planPrune(model, recipe({ sparsity: amount }), unattended);
      const values = await readTensorValues(model, model.tensors[0]!, plan.entries[0]!.cut);
      const kept = Array.from(values, (value) => (value === 0 ? 0 : 1));
      // An original zero that is kept is still zero.
      assert.deepEqual(
        kept,
        keep.map((one, i) => (w[i] === 0 ? 0 : one)),
        `${tensor.dtype} ${String(w)}`,
      );
    }
  }
});

/** Values with many ties, zeros of both signs, subnormals, infinities and NaN. */
function awkwardValues(random: () => number, count: number): Float32Array {
  const pool = [0, -0, 1e-45, -1e-45, 0.5, -0.5, 0.25, 3e38, -3e38, Infinity, -Infinity, NaN];
  return Float32Array.from({ length: count }, () =>
    random() < 0.5 ? pool[Math.floor(random() * pool.length)]! : random() - 0.5,
  );
}

test('a global selection equals sorting everything, with ties, zeros, NaN and infinities', async () => {
  const random = seededRandom(7);
  for (let round = 0; round < 40; round++) {
    const values = [1, 2, 3].map(() => awkwardValues(random, 1 + Math.floor(random() * 300)));
    const sparsity = random();
    const model = memoryModel(values.map((v, i) => float32(`t${i}`, v)));
    const plan = await planPrune(model, recipe({ sparsity }), unattended);
    const total = values.reduce((sum, v) => sum + v.length, 0);
    const masks = expectedMasks(values, roundHalfEven(sparsity * total));
    assert.deepEqual(await zeroedBy(model, plan), masks, `round ${round}, sparsity ${sparsity}`);
    for (const [i, entry] of plan.entries.entries()) {
      assert.equal(entry.zerosAfter, masks[i]!.filter(Boolean).length, 'zerosAfter');
      assert.equal(entry.zerosBefore, [...values[i]!].filter((v) => v === 0).length, 'zerosBefore');
      assert.equal(entry.nonFinite, [...values[i]!].filter((v) => !Number.isFinite(v)).length);
    }
  }
});

test('a selection over float64 and float32 together compares the exact values', async () => {
  const random = seededRandom(11);
  for (let round = 0; round < 20; round++) {
    const wide = Array.from({ length: 200 }, () => random() - 0.5);
    const narrow = Float32Array.from(wide, (v) => v * (random() < 0.5 ? 1 : 2));
    const model = memoryModel([float64('wide', wide), float32('narrow', narrow)]);
    const plan = await planPrune(model, recipe({ sparsity: 0.6 }), unattended);
    assert.deepEqual(await zeroedBy(model, plan), expectedMasks([wide, narrow], 240));
  }
});

test('more equal weights than candidates are held are still split at the exact place', async () => {
  const count = 3_000_000;
  const values = new Float32Array(count).fill(0.5);
  for (let i = 0; i < count; i += 3) values[i] = 0.75;
  const model = memoryModel([float32('a', values), float32('b', values)]);
  const plan = await planPrune(model, recipe({ sparsity: 0.5 }), unattended);
  // 2,000,000 halves in a, 1,000,000 of those in b: up to flat index 1,500,000 two of three are 0.5.
  assert.deepEqual(
    plan.entries.map(({ zerosAfter }) => zerosAfter),
    [2_000_000, 1_000_000],
  );
  const b = await readTensorValues(model, model.tensors[1]!, plan.entries[1]!.cut);
  assert.equal(b.lastIndexOf(0), 1_499_999);
  assert.equal(b.filter((value) => value === 0).length, 1_000_000);
});

/** The k-th smallest magnitude, by sorting all. */
function thresholdBySorting(values: Float32Array, k: number): number {
  return Float32Array.from(values, Math.abs).sort()[k - 1]!;
}

const LARGE: readonly (readonly [string, (i: number, random: () => number) => number])[] = [
  ['random', (_, random) => random() - 0.5],
  ['ascending', (i) => i / 1_600_000],
  // Pieces of a sample lie every 1,600,000 / 512 elements: they would all see small weights.
  ['misleading a sample', (i, random) => (i % (1_600_000 / 512) < 1100 ? 1e-3 : 1) * random()],
];

for (const [what, valueAt] of LARGE) {
  test(`more weights than candidates are held, ${what}, are selected exactly`, async () => {
    const random = seededRandom(8);
    const values = Float32Array.from({ length: 1_600_000 }, (_, i) => valueAt(i, random));
    const model = memoryModel([
      float32('a', values.subarray(0, 612_345)),
      float32('b', values.subarray(612_345)),
    ]);
    for (const sparsity of [0.3, 0.8]) {
      const plan = await planPrune(model, recipe({ sparsity }), unattended);
      const k = roundHalfEven(sparsity * values.length);
      assert.equal(plan.globalThreshold, thresholdBySorting(values, k), `threshold at ${sparsity}`);
      assert.equal(plan.totals.zeros, k, `zeros at ${sparsity}`);
    }
  });
}

test('a Fortran-ordered array breaks ties by its index in C order', async () => {
  // Rows [1 1], [1 2] stored column by column: 1 1 1 2; in C order the first two are 1 1.
  const tensor = { ...float32('w', [1, 1, 1, 2]), shape: [2, 2], storageOrder: [1, 0] };
  const model = memoryModel([tensor]);
  const plan = await planPrune(model, recipe({ sparsity: 0.5 }), unattended);
  const values = await readTensorValues(model, model.tensors[0]!, plan.entries[0]!.cut);
  assert.deepEqual([...values], [0, 0, 1, 2]);
});

test("in global scope a layer's own sparsity counts towards the target and the others give less", async () => {
  const random = seededRandom(3);
  const values = [0, 1].map(() => Float32Array.from({ length: 1000 }, () => random() - 0.5));
  const model = memoryModel([float32('a', values[0]!), float32('b', values[1]!)]);
  const plan = await planPrune(
    model,
    recipe({ sparsity: 0.5, layers: { b: { sparsity: 0.8 } } }),
    unattended,
  );
  assert.deepEqual(
    plan.entries.map(({ zerosAfter }) => zerosAfter),
    [200, 800],
  );
  assert.equal(plan.totals.zeros, 1000);
});

test('locked and excluded layers are out of the count', async () => {
  const random = seededRandom(4);
  const tensors = ['a', 'b', 'c'].map((name) =>
    float32(
      name,
      Float32Array.from({ length: 100 }, () => random() - 0.5),
    ),
  );
  const plan = await planPrune(
    memoryModel(tensors),
    recipe({ sparsity: 0.5, lock: ['a'], exclude: ['c*'] }),
    unattended,
  );
  assert.deepEqual(
    plan.entries.map(({ layer, zerosAfter }) => [layer, zerosAfter]),
    [['b', 50]],
  );
});

test('a threshold prunes every weight of at most that magnitude', async () => {
  const model = memoryModel([float32('w', [0.1, -0.2, 0.2, 0.30000001192092896, -0.4])]);
  const plan = await planPrune(model, recipe({ threshold: Math.fround(0.2) }), unattended);
  assert.deepEqual(await zeroedBy(model, plan), [[true, true, true, false, false]]);
  assert.equal(plan.entries[0]!.zerosAfter, 3);
});

test('the threshold that a sparsity gave prunes the same weights again', async () => {
  const random = seededRandom(5);
  const model = memoryModel([
    float32(
      'w',
      Float32Array.from({ length: 999 }, () => random() - 0.5),
    ),
  ]);
  const bySparsity = await planPrune(model, recipe({ sparsity: 0.37 }), unattended);
  const threshold = bySparsity.globalThreshold!;
  const byThreshold = await planPrune(model, recipe({ threshold }), unattended);
  assert.deepEqual(await zeroedBy(model, byThreshold), await zeroedBy(model, bySparsity));
});

test('after tau a unit with an L2 norm below alpha goes whole', async () => {
  // Two inputs, three units along the last axis: norms after tau = 0.15 are 0.5, 0.2, 0.
  const tensor = { ...float32('w', [0.4, 0.2, 0.1, 0.3, 0.1, 0.15000000596046448]), shape: [2, 3] };
  const model = memoryModel([tensor]);
  const tau = Math.fround(0.15);
  const plan = await planPrune(model, recipe({ threshold: tau, unitThreshold: 0.3 }), unattended);
  assert.deepEqual(plan.entries[0]!.cut.zeroedUnits, [1, 2]);
  assert.deepEqual(await zeroedBy(model, plan), [[false, true, true, false, true, true]]);
  assert.equal(plan.entries[0]!.zerosAfter, 4);
});

test('a layer keeps the unit with the largest norm, however large alpha is', async () => {
  const rising = { ...float32('a', [0.4, 0.2, 0.5, 0.3, 0.1, 0.2]), shape: [2, 3] };
  const equal = { ...float32('b', [1, 1, 1, 1]), shape: [2, 2] };
  const model = memoryModel([rising, equal, { ...float32('c', [1, 2]), shape: [2, 1] }]);
  const plan = await planPrune(model, recipe({ sparsity: 0, unitThreshold: 1e6 }), unattended);
  assert.deepEqual(
    plan.entries.map(({ cut }) => cut.zeroedUnits),
    [[0, 1], [0], []],
    'of equal ones the first go',
  );
});

test('weights that are not finite stay, also in units that go by what they give before alpha', async () => {
  const values = [NaN, 0.1, 2, 0.2, 0.3, 2, 0.1, 0.1, 2, 0.1, 0.1, 3];
  const model = memoryModel([{ ...float32('w', values), shape: [4, 3] }]);
  const scoring = scoresInMemory(model, () => Float32Array.of(0, 1, 2));
  const method = { criterion: 'activation-mean', scope: 'layer', sparsity: 0.34, unitThreshold: 1 };
  const plan = await planPrune(model, recipe(method), unattended, scoring);
  const [entry] = plan.entries;
  const after = await readTensorValues(model, model.tensors[0]!, entry!.cut);
  assert.deepEqual([...after], [NaN, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0, 3]);
  assert.equal(entry!.zerosAfter, 7);
});

test('a cut applied chunk by chunk equals the cut applied at once', async () => {
  const random = seededRandom(6);
  const values = Float32Array.from({ length: 500 }, () => Math.round(random() * 8) / 8);
  const model = memoryModel([{ ...float32('w', values), shape: [50, 10] }]);
  const plan = await planPrune(model, recipe({ sparsity: 0.4, unitThreshold: 3 }), unattended);
  const { cut } = plan.entries[0]!;
  const whole = await readTensorValues(model, model.tensors[0]!, cut);
  const apply = makeCutFunction(model.tensors[0]!, cut, makeDecodeScratch());
  const pieces = Float32Array.from(values);
  for (let first = 0; first < 500; first += 7) {
    const piece = new Uint8Array(bytesOf(pieces.subarray(first, first + 7)));
    apply(piece, first);
    pieces.set(new Float32Array(piece.buffer), first);
  }
  assert.deepEqual(pieces, whole);
});

test('a layer that would be left without a weight is warned of', async () => {
  const model = memoryModel([float32('a', [1, 2]), float32('b', [3, 4])]);
  const plan = await planPrune(model, recipe({ sparsity: 0.5 }), unattended);
  assert.deepEqual(plan.warnings, ['a: no weight would be left']);
});

test('a cancelled plan stops', async () => {
  const model = memoryModel([float32('w', new Float32Array(100))]);
  const control = { signal: { aborted: true }, report: () => undefined };
  await assert.rejects(planPrune(model, DEFAULT_RECIPE, control), { name: 'CancelledError' });
});

test('a recipe that names a layer the model does not have is refused by name', async () => {
  const model = memoryModel([float32('w', [1, 2])]);
  await assert.rejects(
    planPrune(model, recipe({ layers: { nowhere: { sparsity: 0.5 } } }), unattended),
    /"nowhere".*the model's layers are w/,
  );
});

test('units that alpha takes beyond the maximum of a layer are told of with the numbers', async () => {
  const weights = Float32Array.from([9, 8, 7, 6, 5, 4, 3, 2, 0.1, 0.2, 0.1, 0.3]);
  const tensor = { name: 'w', shape: [3, 4], dtype: 'float32', bytes: bytesOf(weights) } as const;
  const layers = [{ ...memoryModel([tensor]).layers[0]!, unitAxis: 0, unitCount: 3 }];
  const model = { ...memoryModel([tensor]), layers };
  const method = { sparsity: 0.25, maxLayerSparsity: 0.25 };
  const plain = await planPrune(model, recipe(method), unattended);
  assert.deepEqual([plain.totals.zeros, plain.warnings], [3, []]);
  const plan = await planPrune(model, recipe({ ...method, unitThreshold: 0.5 }), unattended);
  assert.equal(plan.totals.zeros, 4);
  assert.deepEqual(plan.warnings, [
    'w: 4 of 12 weights are zero with the units that the unit threshold takes, and the maximum for every layer is 3',
  ]);
});

test('where a unit threshold does not apply is told of the layers that have one', async () => {
  const known = memoryModel([float32('a', [1, 2]), float32('b', [3, 4])]);
  const layers = known.layers.map((layer) => ({ ...layer, unitAxis: null, unitCount: null }));
  const model = { ...known, layers };
  const told = async (fields: object): Promise<readonly string[]> =>
    (await planPrune(model, recipe({ sparsity: 0, ...fields }), unattended)).warnings;
  const ofA = 'a: the unit threshold does not apply, its unit axis is not known';
  assert.deepEqual(await told({ layers: { a: { unitThreshold: 1 } } }), [ofA]);
  const others = { unitThreshold: 1, layers: { b: { unitThreshold: null } } };
  assert.deepEqual(await told(others), [ofA]);
});
