// What goes together, against its definition by sorting: on random weights with many equal ones, in every order
// of axes, as single and double floats.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerOperator, Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';
import { nmMask } from '../../../../src/core/selection/nmMask';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { roundHalfEven } from '../../../../src/core/selection/roundHalfEven';
import { magnitudeScores } from '../../../../src/core/selection/scoreTensor';
import { wholeSlabs } from '../../../../src/core/selection/wholeSlabs';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

interface Weight {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: readonly number[];
  readonly storageOrder?: readonly number[];
  readonly operator: LayerOperator;
  readonly unitAxis: number;
  readonly dtype?: 'float32' | 'float64';
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, one) => total * one, 1);

/** Small whole numbers, so that many are equal and float32 holds them; a tenth is zero. */
function randomWeights(shape: readonly number[], seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: product(shape) }, () => Math.floor(random() * 20) - 10);
}

/** C-order values in the order in which they are stored. */
function stored({ shape, values, storageOrder }: Weight): number[] {
  if (storageOrder === undefined) return [...values];
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const result: number[] = [];
  const visit = (depth: number, flat: number): void => {
    const axis = storageOrder[depth];
    if (axis === undefined) result.push(values[flat]!);
    else for (let i = 0; i < shape[axis]!; i++) visit(depth + 1, flat + i * strides[axis]!);
  };
  visit(0, 0);
  return result;
}

function modelOf(weights: readonly Weight[]): Model {
  const model = memoryModel(
    weights.map((weight, i) => ({
      name: `w${i}`,
      shape: weight.shape,
      dtype: weight.dtype ?? 'float32',
      bytes: bytesOf(
        weight.dtype === 'float64'
          ? Float64Array.from(stored(weight))
          : Float32Array.from(stored(weight)),
      ),
      ...(weight.storageOrder === undefined ? {} : { storageOrder: weight.storageOrder }),
    })),
  );
  const layers = model.layers.map((layer, i) => {
    const { operator, unitAxis, shape } = weights[i]!;
    return { ...layer, operator, unitAxis, unitCount: shape[unitAxis]! };
  });
  return { ...model, layers };
}

const planOf = (model: Model, method: object): Promise<Plan> =>
  planPrune(model, parseRecipe(method, 'test'), unattended);

/** Which weights of each tensor the plan's cuts make zero, but were not. */
async function goneBy(model: Model, plan: Plan): Promise<boolean[][]> {
  const gone: boolean[][] = [];
  for (const { tensor, cut, zerosAfter, zerosBefore } of plan.entries) {
    const entry = model.tensors.find(({ name }) => name === tensor)!;
    const before = await readTensorValues(model, entry);
    const after = await readTensorValues(model, entry, cut);
    gone.push(Array.from(after, (value, i) => value === 0 && before[i] !== 0));
    assert.equal(zerosBefore, before.filter((value) => value === 0).length, 'zeros before');
    assert.equal(zerosAfter, after.filter((value) => value === 0).length, 'zeros after');
  }
  return gone;
}

/** Groups of M weights that differ only in the index of one axis, in its order. */
function groupsAlong(shape: readonly number[], axis: number, group: number): number[][] {
  const stride = product(shape.slice(axis + 1));
  const groups = new Map<string, number[]>();
  for (let flat = 0; flat < product(shape); flat++) {
    const index = Math.floor(flat / stride) % shape[axis]!;
    const key = `${flat - index * stride}/${Math.floor(index / group)}`;
    groups.set(key, [...(groups.get(key) ?? []), flat]);
  }
  return [...groups.values()];
}

/** The lowest of a list of indices by (score, index). */
function lowest(
  indices: readonly number[],
  count: number,
  scoreOf: (i: number) => number,
): number[] {
  return [...indices].sort((a, b) => scoreOf(a) - scoreOf(b) || a - b).slice(0, count);
}

/** Layouts of a weight that reads `inputs`: dense and convolutions of both conventions, also in Fortran order. */
function layouts(inputs: number): readonly (Omit<Weight, 'values'> & { readonly axis: number })[] {
  return [
    { shape: [5, inputs], operator: 'dense', unitAxis: 0, axis: 1 },
    { shape: [inputs, 6], operator: 'dense', unitAxis: 1, axis: 0 },
    { shape: [5, inputs], storageOrder: [1, 0], operator: 'dense', unitAxis: 0, axis: 1 },
    { shape: [3, inputs, 2, 3], operator: 'conv2d', unitAxis: 0, axis: 1 },
    { shape: [2, 3, inputs, 4], operator: 'conv2d', unitAxis: 3, axis: 2 },
    { shape: [3, inputs, 5], storageOrder: [2, 1, 0], operator: 'conv1d', unitAxis: 0, axis: 1 },
    { shape: [inputs, 4, 2, 2], operator: 'convTranspose', unitAxis: 1, axis: 0 },
  ];
}

test('N:M takes the M - N lowest of each group along the inputs, and no other weight', async () => {
  for (let group = 2; group <= 16; group++) {
    for (let keep = 1; keep < group; keep++) {
      const inputs = group * (1 + ((group + keep) % 3));
      const weights = layouts(inputs).map((layout, i): Weight & { axis: number } => ({
        ...layout,
        values: randomWeights(layout.shape, 100 * group + 10 * keep + i),
        dtype: i % 2 === 0 ? 'float32' : 'float64',
      }));
      for (const weight of weights) {
        const model = modelOf([weight]);
        const plan = await planOf(model, { granularity: `${keep}:${group}` });
        const [gone] = await goneBy(model, plan);
        const masked = new Set(
          groupsAlong(weight.shape, weight.axis, group).flatMap((indices) =>
            lowest(indices, group - keep, (i) => Math.abs(weight.values[i]!)),
          ),
        );
        const expected = weight.values.map((value, i) => value !== 0 && masked.has(i));
        assert.deepEqual(gone, expected, `${keep}:${group} of ${weight.shape.join('x')}`);
      }
    }
  }
});

test('N:M leaves exactly N of each group where no weight is zero', async () => {
  for (const [keep, group] of [
    [2, 4],
    [1, 3],
    [4, 8],
    [7, 16],
  ] as const) {
    for (const layout of layouts(group * 4)) {
      const values = randomWeights(layout.shape, group).map((value) =>
        value < 0 ? value : value + 1,
      );
      const model = modelOf([{ ...layout, values }]);
      const [gone] = await goneBy(model, await planOf(model, { granularity: `${keep}:${group}` }));
      for (const indices of groupsAlong(layout.shape, layout.axis, group)) {
        assert.equal(indices.filter((i) => !gone![i]).length, keep);
      }
    }
  }
});

test('weights that are not finite stay, and count among the kept of their group', async () => {
  const values = [NaN, 1, 2, Infinity, NaN, -Infinity, NaN, 1, NaN, NaN, NaN, NaN];
  for (const dtype of ['float32', 'float64'] as const) {
    for (const [shape, unitAxis] of [
      [[1, 12], 0],
      [[12, 1], 1],
    ] as const) {
      const model = modelOf([{ shape, values, operator: 'dense', unitAxis, dtype }]);
      const plan = await planOf(model, { granularity: '2:4' });
      const [gone] = await goneBy(model, plan);
      const indices = gone!.flatMap((goes, i) => (goes ? [i] : []));
      assert.deepEqual(indices, [1, 2, 7]);
      assert.equal(plan.entries[0]!.nonFinite, 9);
    }
  }
});

test('inputs that no group divides stay dense, which is said', async () => {
  const values = randomWeights([3, 10], 1);
  const model = modelOf([{ shape: [3, 10], values, operator: 'dense', unitAxis: 0 }]);
  const plan = await planOf(model, { granularity: '2:4' });
  assert.deepEqual(
    (await goneBy(model, plan))[0],
    values.map(() => false),
  );
  assert.deepEqual(plan.warnings, ['w0: stays dense, it has 10 inputs, no multiple of 4']);
});

test('with a threshold, N:M takes only what the threshold takes, too', async () => {
  const values = randomWeights([4, 16], 3);
  const model = modelOf([{ shape: [4, 16], values, operator: 'dense', unitAxis: 0 }]);
  const [all] = await goneBy(model, await planOf(model, { granularity: '2:4' }));
  const [some] = await goneBy(model, await planOf(model, { granularity: '2:4', threshold: 3 }));
  assert.deepEqual(
    some,
    all!.map((goes, i) => goes && Math.abs(values[i]!) <= 3),
  );
});

test('slabs that do not fit in memory are masked in bands, with the same result', async () => {
  const shape = [8, 40];
  const model = modelOf([
    { shape, values: randomWeights(shape, 5), operator: 'dense', unitAxis: 1 },
  ]);
  const [scored] = magnitudeScores(model, model.tensors);
  const groups = { keep: 2, group: 4, inner: 40, threshold: undefined };
  const whole = await nmMask(scored!, groups, () => undefined);
  const banded = await nmMask(scored!, { ...groups, maxSlabElements: 28 }, () => undefined);
  assert.deepEqual(banded.mask, whole.mask);
  assert.deepEqual(banded.tally, whole.tally);
  let parts = 0;
  for await (const { scores } of wholeSlabs(scored!, { rows: 4, inner: 40 }, 28)) {
    assert.ok(scores.length <= 28);
    parts++;
  }
  assert.equal(parts, 2 * Math.ceil(40 / 7));
});

test('units go by the sum of their magnitudes, in layer scope so many of each layer', async () => {
  for (const side of ['unit', 'unit:input'] as const) {
    for (const layout of layouts(6)) {
      const values = randomWeights(layout.shape, 11);
      const model = modelOf([{ ...layout, values }]);
      const axis = side === 'unit' ? layout.unitAxis : layout.axis;
      const count = layout.shape[axis]!;
      const stride = product(layout.shape.slice(axis + 1));
      const unitOf = (flat: number): number => Math.floor(flat / stride) % count;
      const sums = Array.from({ length: count }, (_, unit) =>
        values.reduce((sum, value, i) => sum + (unitOf(i) === unit ? Math.abs(value) : 0), 0),
      );
      const wanted = roundHalfEven(0.4 * count);
      const expected = lowest([...sums.keys()], wanted, (unit) => sums[unit]!).sort(
        (a, b) => a - b,
      );
      const plan = await planOf(model, { granularity: side, sparsity: 0.4, scope: 'layer' });
      assert.deepEqual(plan.entries[0]!.cut.zeroedUnits, expected, layout.shape.join('x'));
      const [gone] = await goneBy(model, plan);
      assert.deepEqual(
        gone,
        values.map((value, i) => value !== 0 && expected.includes(unitOf(i))),
      );
    }
  }
});

test('a layer never loses its last unit; in global scope other layers give more', async () => {
  const weak = {
    shape: [4, 3],
    values: randomWeights([4, 3], 1).map((v) => v / 1000),
    operator: 'dense',
    unitAxis: 0,
  } as const;
  const strong = {
    shape: [8, 3],
    values: randomWeights([8, 3], 2),
    operator: 'dense',
    unitAxis: 0,
  } as const;
  const model = modelOf([weak, strong]);
  const plan = await planOf(model, { granularity: 'unit', sparsity: 0.5 });
  const removed = plan.entries.map(({ cut }) => cut.zeroedUnits.length);
  assert.deepEqual(removed, [3, 3]);
  const all = await planOf(model, { granularity: 'unit', sparsity: 1 });
  assert.deepEqual(
    all.entries.map(({ cut }) => cut.zeroedUnits.length),
    [3, 7],
  );
  assert.ok(all.warnings.some((one) => one.includes('2 more units')));
});

test('by threshold all units of at most that score go, but the best of a layer', async () => {
  const values = [1, 1, 2, 2, 3, 3, 4, 4];
  const model = modelOf([{ shape: [4, 2], values, operator: 'dense', unitAxis: 0 }]);
  const some = await planOf(model, { granularity: 'unit', threshold: 4 });
  assert.deepEqual(some.entries[0]!.cut.zeroedUnits, [0, 1]);
  assert.equal(some.entries[0]!.threshold, 4);
  const all = await planOf(model, { granularity: 'unit', threshold: 100 });
  assert.deepEqual(all.entries[0]!.cut.zeroedUnits, [0, 1, 2]);
});

test('a unit with a weight that is not finite never goes', async () => {
  const values = [NaN, 0, 5, 5, 1, 1];
  const model = modelOf([{ shape: [3, 2], values, operator: 'dense', unitAxis: 0 }]);
  const plan = await planOf(model, { granularity: 'unit', sparsity: 1 });
  assert.deepEqual(plan.entries[0]!.cut.zeroedUnits, [1, 2]);
});

test('a unit threshold takes weak units beside the input columns that went', async () => {
  const values = [9, 9, 1, 1, 0, 0];
  const model = modelOf([{ shape: [3, 2], values, operator: 'dense', unitAxis: 0 }]);
  const method = { granularity: 'unit:input', sparsity: 0.5, scope: 'layer', unitThreshold: 2 };
  const [gone] = await goneBy(model, await planOf(model, method));
  assert.deepEqual(gone, [true, false, true, true, false, false]);
});

test('blocks go by what their weights score on average, the lowest numbers first', async () => {
  const sizes = [
    [2, 3],
    [4, 1],
    [1, 4],
    [3, 3],
    [16, 16],
  ] as const;
  for (const [rows, columns] of sizes) {
    for (const layout of layouts(7)) {
      const { shape, unitAxis, axis } = layout;
      const values = randomWeights(shape, rows * 10 + columns);
      const at = (flat: number, one: number): number =>
        Math.floor(flat / product(shape.slice(one + 1))) % shape[one]!;
      const window = (flat: number): number =>
        shape.reduce(
          (place, size, one) =>
            one === unitAxis || one === axis ? place : place * size + at(flat, one),
          0,
        );
      const positions = values.length / shape[unitAxis]! / shape[axis]!;
      const across = Math.ceil(shape[axis]! / columns);
      const blockOf = (flat: number): number =>
        (Math.floor(at(flat, unitAxis) / rows) * across + Math.floor(at(flat, axis) / columns)) *
          positions +
        window(flat);
      const blocks = new Map<number, number[]>();
      for (const [flat, value] of values.entries()) {
        blocks.set(blockOf(flat), [...(blocks.get(blockOf(flat)) ?? []), Math.abs(value)]);
      }
      const meanOf = (block: number): number => {
        const members = blocks.get(block)!;
        return members.reduce((sum, one) => sum + one, 0) / members.length;
      };
      const going = new Set(lowest([...blocks.keys()], roundHalfEven(0.4 * blocks.size), meanOf));
      const model = modelOf([{ ...layout, values }]);
      const plan = await planOf(model, { granularity: `block:${rows}x${columns}`, sparsity: 0.4 });
      const [gone] = await goneBy(model, plan);
      const expected = values.map((value, i) => value !== 0 && going.has(blockOf(i)));
      assert.deepEqual(gone, expected, `${rows}x${columns} of ${shape.join('x')}`);
    }
  }
});

test('global scope equals layer scope where there is one layer', async () => {
  const shape = [6, 8];
  const model = modelOf([
    { shape, values: randomWeights(shape, 9), operator: 'dense', unitAxis: 0 },
  ]);
  for (const granularity of ['weight', 'unit', 'unit:input', 'block:2x2', '2:4', '3:8']) {
    for (const sparsity of [0.1, 0.5, 0.8]) {
      const [global, layer] = await Promise.all(
        ['global', 'layer'].map((scope) => planOf(model, { granularity, scope, sparsity })),
      );
      assert.deepEqual(global!.entries, layer!.entries, `${granularity} ${sparsity}`);
    }
  }
});

test('layers have granularities of their own, and in a plan of weights count towards its target', async () => {
  const shape = [8, 8];
  const weights = [1, 2, 3].map((seed): Weight => ({
    shape,
    values: randomWeights(shape, seed).map((value) => value + 0.5),
    operator: 'dense',
    unitAxis: 0,
  }));
  const model = modelOf(weights);
  const plan = await planOf(model, {
    sparsity: 0.5,
    layers: { w0: { granularity: '2:4' }, w1: { granularity: 'unit', sparsity: 0.25 } },
  });
  const [first, second] = plan.entries;
  assert.equal(first!.zerosAfter, 32);
  assert.deepEqual([second!.cut.zeroedUnits.length, second!.zerosAfter], [2, 16]);
  assert.equal(plan.totals.zeros, 96);
});

test('an empty weight with a long axis costs nothing, and stays as it is', async () => {
  const shape = [2 ** 40, 0];
  const model = modelOf([
    { shape, values: [], operator: 'dense', unitAxis: 0 },
    { shape: [2, 4], values: randomWeights([2, 4], 1), operator: 'dense', unitAxis: 0 },
  ]);
  for (const granularity of ['unit', 'unit:input', 'block:2x2', '2:4']) {
    const plan = await planOf(model, { granularity });
    assert.equal(plan.entries[0]!.zerosAfter, 0, granularity);
  }
});

test('more units than can be ranked are refused before memory is taken for them', async () => {
  const shape = [2 ** 22 + 1, 1];
  const values = new Array<number>(shape[0]!).fill(1);
  const model = modelOf([{ shape, values, operator: 'dense', unitAxis: 0 }]);
  await assert.rejects(planOf(model, { granularity: 'unit' }), /found 4194305 units/);
});
