import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import { createRandom } from '../../../../src/core/random';
import type { Architecture } from '../../../../src/core/recipe/recipe';
import { temporaryFolder } from '../../../helpers/fixtures';
import { scoresOnData, type ScoredFixture } from '../../../helpers/scoredFixture';

const INPUTS = 5;
const SAMPLES = 400;

/** Units in columns: sums of the inputs by these weights. */
const KERNEL = [
  [1, 0, 3, 0],
  [-2, 0, 0, 0.1],
  [0.5, 0, 0, 0],
  [0, 0, 0, 0],
  [1, 0, -1, 0],
];

const LINEAR: Architecture = { axisOrder: 'in-out', layers: [{ kernel: 'w', bias: 'b' }] };

/** A layer of sums of inputs that are independent and spread differently. */
async function linearLayer(t: TestContext): Promise<ScoredFixture & { x: Float32Array }> {
  const folder = await temporaryFolder(t);
  const random = createRandom(3);
  const x = Float32Array.from(
    { length: SAMPLES * INPUTS },
    (_, i) => ((random.below(2001) - 1000) / 500) * (1 + (i % INPUTS)),
  );
  const w = { name: 'w', shape: [INPUTS, 4], values: Float32Array.from(KERNEL.flat()) };
  const b = { name: 'b', shape: [4], values: Float32Array.of(0, 7, 0, 1) };
  await writeFile(path.join(folder, 'layer.npz'), encodeNpz([w, b]));
  const data = { name: 'x', shape: [SAMPLES, INPUTS], values: x };
  await writeFile(path.join(folder, 'data.npz'), encodeNpz([data]));
  return {
    fixture: path.join(folder, 'layer.npz'),
    data: { file: path.join(folder, 'data.npz'), labels: [] },
    architecture: LINEAR,
    x,
  };
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

async function stabilityOf(
  t: TestContext,
  given: ScoredFixture,
  choice: { sigma?: number; seed?: number; batchDivisor?: number } = {},
): Promise<Float64Array> {
  const { sigma = 0.3, ...rest } = choice;
  const wanted = { criterion: 'stability', options: { sigma }, tensors: ['w'], ...rest } as const;
  return (await scoresOnData(t, given, wanted)).get('w')!;
}

test('noise moves a linear unit by sigma squared times the sum of its squared weights and spreads', async (t) => {
  const given = await linearLayer(t);
  const found = await stabilityOf(t, given);
  const column = (i: number): number[] =>
    Array.from({ length: SAMPLES }, (_, row) => given.x[row * INPUTS + i]!);
  const spreads = Array.from({ length: INPUTS }, (_, i) => variance(column(i)));
  for (const unit of [0, 2, 3]) {
    const outputs = Array.from({ length: SAMPLES }, (_, row) =>
      KERNEL.reduce((sum, weights, i) => sum + weights[unit]! * given.x[row * INPUTS + i]!, 0),
    );
    const noise = 0.3 ** 2 * spreads.reduce((sum, s, i) => sum + KERNEL[i]![unit]! ** 2 * s, 0);
    const ratio = 1 / found[unit]! - 1;
    const expected = noise / variance(outputs);
    // The variance of 8 draws of 400 samples has a standard error of 2.7 %.
    assert.ok(Math.abs(ratio / expected - 1) < 4 * 0.027, `unit ${unit}: ${ratio} for ${expected}`);
  }
});

test('a unit that gives the same whatever it reads is stable', async (t) => {
  assert.equal((await stabilityOf(t, await linearLayer(t)))[1], 1);
});

test('without noise every unit is stable, and the more there is the less so', async (t) => {
  const given = await linearLayer(t);
  assert.deepEqual([...(await stabilityOf(t, given, { sigma: 0 }))], [1, 1, 1, 1]);
  const [little, much] = [
    await stabilityOf(t, given, { sigma: 0.01 }),
    await stabilityOf(t, given, { sigma: 1 }),
  ];
  for (const unit of [0, 2, 3]) {
    assert.ok(little[unit]! > 0.999 && little[unit]! < 1);
    assert.ok(much[unit]! < 0.6);
  }
});

test('the seed alone decides the noise, not how many samples run at once', async (t) => {
  const given = await linearLayer(t);
  const found = await stabilityOf(t, given, { seed: 5 });
  assert.deepEqual(await stabilityOf(t, given, { seed: 5 }), found);
  assert.notDeepEqual(await stabilityOf(t, given, { seed: 6 }), found);
  const inParts = await stabilityOf(t, given, { seed: 5, batchDivisor: 7 });
  inParts.forEach((score, unit) => {
    assert.ok(Math.abs(score - found[unit]!) <= 1e-6, `unit ${unit}`);
  });
});

test('the stability of the units of a trained network lies between 0 and 1 and tells them apart', async (t) => {
  const digits: ScoredFixture = {
    fixture: 'onnx/digits_mlp_legacy.onnx',
    data: { file: 'datasets/digits.npz', split: 'test', rows: [0, 100], scale: 1 / 16 },
  };
  const wanted = { criterion: 'stability', tensors: ['fc1.weight', 'fc2.weight'] } as const;
  const scores = await scoresOnData(t, digits, wanted);
  for (const own of scores.values()) {
    assert.equal(own.length, 64);
    assert.ok(own.every((score) => score >= 0 && score <= 1));
    assert.ok(new Set(own).size > 40, 'units differ');
  }
});
