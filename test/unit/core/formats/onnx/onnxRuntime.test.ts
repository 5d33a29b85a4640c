// Rewritten files in onnxruntime-web 1.30.0 beside what onnxruntime 1.30.0 in Python made of the originals,
// and the accuracy that pruned ones had there.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixturePath, readOracle } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import { cutsOf, emptyPlace, writeAs } from '../../../../helpers/namedOutput';
import { readArrays, runOnnx, type Values } from '../../../../helpers/onnxRuntime';
import { levelsOf } from '../../../../helpers/pruningOracle';

const fixtures = readdirSync(fixturePath('oracles/outputs'))
  .filter((name) => /^onnx__.*\.onnx\.npz$/.test(name))
  .map((name) => name.replace('__', '/').replace(/\.npz$/, ''));
assert.ok(fixtures.length >= 22, 'the oracles are there');

const outputsOf = (fixture: string): Promise<ReadonlyMap<string, Values>> =>
  readArrays(fixturePath('oracles/outputs', `${fixture.replace('/', '__')}.npz`));

function assertClose(found: Values, expected: Values, fixture: string): void {
  assert.deepEqual(found.shape, expected.shape);
  if (fixture.includes('int8')) {
    assert.deepEqual(bestOf(found), bestOf(expected), 'the best class of each row');
    return;
  }
  const tolerance = fixture.includes('f16') ? 0.05 : /lstm|transformer/.test(fixture) ? 1e-4 : 1e-5;
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  for (const [i, value] of expected.data.entries()) {
    assert.ok(
      Math.abs(found.data[i]! - value) <= tolerance * scale,
      `${found.data[i]!} for ${value}`,
    );
  }
}

/** The index of the largest value of each row. */
function bestOf({ data, shape }: Values): number[] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => {
    const values = data.subarray(row * width, (row + 1) * width);
    return values.indexOf(Math.max(...values));
  });
}

for (const fixture of fixtures) {
  test(`${fixture} gives its outputs in onnxruntime after a rewrite, and runs when pruned`, async (t) => {
    const opened = await openFixture(t, fixture);
    const oracle = await outputsOf(fixture);
    const input = oracle.get('input0')!;
    const expected = oracle.get('output0')!;
    // Under another name, so that external data is renamed with it.
    const copy = await writeAs(opened, await emptyPlace(t, 'copy.onnx'));
    assertClose(await runOnnx(copy, input), expected, fixture);
    if (!opened.model.layers.some(({ prunable }) => prunable)) return;
    const cuts = await cutsOf(opened, { sparsity: 0.5 });
    const found = await runOnnx(
      await writeAs(opened, await emptyPlace(t, 'pruned.onnx'), cuts),
      input,
    );
    assert.deepEqual(found.shape, expected.shape);
    assert.ok(found.data.every(Number.isFinite), 'outputs are numbers');
    assert.notDeepEqual(found.data, expected.data);
  });
}

interface AccuracyCase {
  readonly oracle: string;
  readonly data: string;
  readonly scale: number;
  /** Shape of one sample. */
  readonly sample: readonly number[];
}

const CASES: readonly AccuracyCase[] = [
  { oracle: 'onnx_digits_mlp_legacy', data: 'digits', scale: 1 / 16, sample: [64] },
  { oracle: 'onnx_digits_mlp_matmul_ir3_opset9', data: 'digits', scale: 1 / 16, sample: [64] },
  { oracle: 'onnx_lenet5_external', data: 'mnist', scale: 1 / 255, sample: [1, 28, 28] },
  { oracle: 'onnx_lstm_legacy', data: 'waves', scale: 1, sample: [24, 1] },
  { oracle: 'onnx_lstm_dynamo', data: 'waves', scale: 1, sample: [24, 1] },
  { oracle: 'onnx_transformer_dynamo', data: 'digits', scale: 1 / 16, sample: [8, 8] },
];

for (const { oracle, data, scale, sample } of CASES) {
  test(`${oracle}: pruned by 80 %, onnxruntime gives the oracle's accuracy`, async (t) => {
    const opened = await openFixture(t, `onnx/${oracle.replace('onnx_', '')}.onnx`);
    const cuts = await cutsOf(opened, { sparsity: 0.8, scope: 'global' });
    const file = await writeAs(opened, await emptyPlace(t, 'pruned.onnx'), cuts);
    const arrays = await readArrays(fixturePath('datasets', `${data}.npz`));
    const labels = arrays.get('y_test')!.data;
    const input = arrays.get('x_test')!.data.map((value) => value * scale);
    const found = bestOf(await runOnnx(file, { data: input, shape: [labels.length, ...sample] }));
    const correct = found.filter((label, i) => label === labels[i]).length;
    const { after } = levelsOf(await readOracle(`pruning/${oracle}`))['global_80']!;
    assert.equal(after.n, labels.length);
    // Engines may differ in one sample.
    assert.ok(Math.abs(correct - after.correct!) <= 1, `${correct} for ${after.correct!}`);
  });
}
