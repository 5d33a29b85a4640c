import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Dataset } from '../../../../src/core/evaluation/dataset';
import { FormatError, UnsupportedError, UsageError } from '../../../../src/core/errors';
import type { Graph } from '../../../../src/core/graph/graph';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { loadData } from '../../../../src/node/data/loadData';
import { fixturePath } from '../../../helpers/fixtures';
import { countingArray, graphTaking, writeNpz, writeText } from './dataFiles';

const digits = fixturePath('datasets/digits.npz');
const mnist = fixturePath('datasets/mnist.npz');

test('takes test data before training data, in the shape of the input', async (t) => {
  const data = await load(t, { file: mnist }, graphTaking({ image: [28, 28, 1] }));
  assert.equal(data.sampleCount, 1000);
  assert.deepEqual(data.sampleShapes, [[28, 28, 1]]);
  assert.equal(data.targets[0]?.name, 'y_test');
});

test('takes the split that the recipe names', async (t) => {
  const data = await load(t, { file: digits, split: 'train' }, graphTaking({ x: [64] }));
  assert.equal(data.sampleCount, 1400);
  assert.equal(data.targets[0]?.name, 'y_train');
});

test('scales and normalises by channel', async (t) => {
  const file = await writeNpz(t, [countingArray('x', 2, 2, 1, 2), countingArray('y', 2)]);
  const recipe = { file, scale: 2, mean: [1, 3], std: [1, 4] };
  const data = await load(t, recipe, graphTaking({ x: [2, 1, 2] }));
  const [first, second] = [await valuesOf(data, 0, 1), await valuesOf(data, 1, 2)];
  assert.deepEqual(first, [-1, -0.25, 3, 0.75]);
  assert.deepEqual(second, [7, 1.75, 11, 2.75]);
});

test('reads the same rows whole or in parts', async (t) => {
  const data = await load(t, { file: digits }, graphTaking({ x: [64] }));
  const whole = await valuesOf(data, 100, 140);
  assert.deepEqual(
    [...(await valuesOf(data, 100, 120)), ...(await valuesOf(data, 120, 140))],
    whole,
  );
});

test('counts rows as a slice in Python does', async (t) => {
  const file = await writeNpz(t, [countingArray('x', 10, 1), countingArray('y', 10)]);
  const rowsOf = async (rows: DataRecipe['rows']) => {
    const data = await load(
      t,
      { file, ...(rows === undefined ? {} : { rows }) },
      graphTaking({ x: [1] }),
    );
    return valuesOf(data, 0, data.sampleCount);
  };
  assert.deepEqual(await rowsOf([7, null]), [7, 8, 9]);
  assert.deepEqual(await rowsOf([-2, null]), [8, 9]);
  assert.deepEqual(await rowsOf([null, 2]), [0, 1]);
  assert.deepEqual(await rowsOf([4, -4]), [4, 5]);
  assert.deepEqual((await rowsOf([0, 99])).length, 10);
  await assertRefused(
    rowsOf([5, 5]),
    UsageError,
    /rows: found 5:5, which are none of its 10; allowed/,
  );
});

test('moves channels where the stated layout differs from the model’s', async (t) => {
  const file = await writeNpz(t, [countingArray('x', 1, 2, 2, 3), countingArray('y', 1)]);
  const last = graphTaking({ x: [2, 3, 2] }, 'channelsLast');
  const moved = await load(t, { file, layout: 'nchw' }, last);
  assert.deepEqual(await valuesOf(moved, 0, 1), [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
  const first = graphTaking({ x: [3, 2, 2] }, 'channelsFirst');
  const back = await load(t, { file, layout: 'nhwc' }, first);
  assert.deepEqual(await valuesOf(back, 0, 1), [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  const same = graphTaking({ x: [2, 2, 3] }, 'channelsFirst');
  const kept = await load(t, { file, layout: 'nchw', mean: [0, 6] }, same);
  assert.deepEqual(await valuesOf(kept, 0, 1), [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
});

test('does not guess that channels changed place', async (t) => {
  const file = await writeNpz(t, [countingArray('x', 1, 3, 2, 2), countingArray('y', 1)]);
  const graph = graphTaking({ x: [2, 2, 3] }, 'channelsLast');
  await assertRefused(
    load(t, { file }, graph),
    UsageError,
    /\[3, 2, 2\].*\[2, 2, 3\].*nchw or nhwc/,
  );
});

test('says both shapes where samples do not fit', async (t) => {
  const loading = load(t, { file: mnist }, graphTaking({ x: [64] }));
  await assertRefused(loading, UsageError, /mnist.npz: x_test.*\[28, 28\].*x takes \[64\]/);
});

test('matches several inputs by name, else by position', async (t) => {
  const arrays = [countingArray('right', 3, 1), countingArray('left', 3, 2), countingArray('y', 3)];
  const graph = graphTaking({ left: [2], right: [1] });
  const byName = await load(t, { file: await writeNpz(t, arrays) }, graph);
  assert.deepEqual(byName.sampleShapes, [[2], [1]]);
  const numbered = [
    countingArray('input1', 3, 1),
    countingArray('input0', 3, 2),
    countingArray('y', 3),
  ];
  const byPosition = await load(t, { file: await writeNpz(t, numbered) }, graph);
  assert.deepEqual(byPosition.sampleShapes, [[2], [1]]);
});

test('reads one-hot labels as classes and other rows as values', async (t) => {
  const oneHot = { name: 'y', shape: [2, 3], values: Float32Array.of(0, 0, 1, 1, 0, 0) };
  const graph = graphTaking({ x: [4] });
  const file = await writeNpz(t, [countingArray('x', 2, 4), oneHot]);
  const [targets] = (await load(t, { file }, graph)).targets;
  assert.deepEqual(targets?.kind === 'column' && [...targets.values], [2, 0]);
  const values = { ...oneHot, values: Float32Array.of(0, 0.5, 0.5, 1, 0, 0) };
  const other = await load(
    t,
    { file: await writeNpz(t, [countingArray('x', 2, 4), values]) },
    graph,
  );
  assert.equal(other.targets[0]?.kind, 'array');
  const [rows] = (await other.readBatch(1, 2)).targets;
  assert.deepEqual([...(rows ?? [])], [1, 0, 0]);
});

test('takes the preprocessed input as target where both are one array', async (t) => {
  const recipe = { file: digits, inputs: ['x_test'], labels: 'x_test', scale: 1 / 16 };
  const data = await load(t, recipe, graphTaking({ x: [64] }));
  const { inputs, targets } = await data.readBatch(0, 5);
  assert.deepEqual(targets[0], inputs[0]?.values);
  assert.ok(Math.max(...(targets[0] ?? [])) === 1);
});

test('says how many rows each array has where they differ', async (t) => {
  const recipe = { file: digits, inputs: ['x_test'], labels: 'y_train' };
  const loading = load(t, recipe, graphTaking({ x: [64] }));
  await assertRefused(loading, UsageError, /x_test has 397 rows, but y_train has 1400/);
});

test('lists the arrays where one is missing or none can be guessed', async (t) => {
  const graph = graphTaking({ x: [64] });
  await assertRefused(
    load(t, { file: digits, inputs: ['X'] }, graph),
    UsageError,
    /no array X.*x_train/,
  );
  await assertRefused(load(t, { file: digits, split: 'val' }, graph), UsageError, /x_val.*x_train/);
  const file = await writeNpz(t, [
    countingArray('p', 2, 4),
    countingArray('q', 2),
    countingArray('r', 2),
  ]);
  await assertRefused(load(t, { file }, graph), UsageError, /which array.*p, q, r/);
});

test('refuses a wrong number of means, and a deviation of 0', async (t) => {
  const graph = graphTaking({ x: [28, 28, 1] });
  await assertRefused(
    load(t, { file: mnist, mean: [1, 2] }, graph),
    UsageError,
    /2 numbers.*1 channels/,
  );
  await assertRefused(load(t, { file: mnist, std: [0] }, graph), UsageError, /std: found 0/);
});

test('refuses binary files that are no archive, and files that are not there', async (t) => {
  const graph = graphTaking({ x: [4] });
  const binary = fixturePath('keras/autoencoder.h5');
  await assertRefused(load(t, { file: binary }, graph), UnsupportedError, /autoencoder.h5/);
  await assertRefused(load(t, { file: '/not/there.npz' }, graph), FormatError, /no such file/);
  const broken = await writeText(t, 'PK\u0003\u0004 and nothing more', 'broken.npz');
  await assertRefused(load(t, { file: broken }, graph), FormatError, /npz/);
});

async function load(t: TestContext, recipe: DataRecipe, graph: Graph): Promise<Dataset> {
  const data = await loadData(recipe, graph);
  t.after(() => data.close());
  return data;
}

async function valuesOf(data: Dataset, from: number, to: number): Promise<readonly number[]> {
  const { inputs } = await data.readBatch(from, to);
  return [...(inputs[0]?.values ?? [])];
}

async function assertRefused(
  running: Promise<unknown>,
  kind: typeof UsageError | typeof FormatError | typeof UnsupportedError,
  message: RegExp,
): Promise<void> {
  await assert.rejects(running, (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    return true;
  });
}
