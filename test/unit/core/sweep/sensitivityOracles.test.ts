import assert from 'node:assert/strict';
import test from 'node:test';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { measureSensitivity } from '../../../../src/core/sweep/measureSensitivity';
import { fixturePath, readOracle } from '../../../helpers/fixtures';
import { networksInProcess } from '../../../helpers/networksInProcess';

interface SensitivityOracle {
  readonly sensitivity: {
    readonly layers: Readonly<
      Record<string, Readonly<Record<string, { readonly correct: number; readonly loss: number }>>>
    >;
  };
}

/** By torch 2.13: accuracy may differ by a sample whose two largest outputs are all but equal. */
const SAMPLES = 1;
const LOSS = 1e-4;

const CASES = [
  { oracle: 'digits_mlp', fixture: 'onnx/digits_mlp_legacy.onnx', data: 'digits', scale: 1 / 16 },
  { oracle: 'lenet5', fixture: 'onnx/lenet5_legacy.onnx', data: 'mnist', scale: 1 / 255 },
];

for (const { oracle, fixture, data, scale } of CASES) {
  test(`each layer of ${fixture} pruned alone costs what torch measured`, async () => {
    const { layers } = ((await readOracle(`pruning/${oracle}`)) as SensitivityOracle).sensitivity;
    const recipe = parseRecipe(
      { data: { file: fixturePath(`datasets/${data}.npz`), split: 'test', scale } },
      'the test',
    );
    const result = await measureSensitivity(
      { path: fixturePath(fixture), recipe },
      networksInProcess(),
      unattended,
    );
    assert.equal(result.layers.length, Object.keys(layers).length);
    for (const [name, levels] of Object.entries(layers)) {
      const measured = result.layers.find(({ layer }) => layer.includes(name))!;
      assert.equal(measured.points.length, Object.keys(levels).length);
      for (const { sparsity, correct, loss } of measured.points) {
        const expected = levels[String(sparsity)]!;
        const place = `${name} at ${sparsity}`;
        assert.ok(Math.abs(correct! - expected.correct) <= SAMPLES, `${place}: ${correct}`);
        assert.ok(Math.abs(loss - expected.loss) <= LOSS, `${place}: ${loss}`);
      }
    }
  });
}
