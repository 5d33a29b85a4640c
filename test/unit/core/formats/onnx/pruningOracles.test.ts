// Masks and counts of magnitude pruning of ONNX files at every level, by NumPy on the initializers.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { fixturePath, readOracle } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import { testPruningOracle } from '../../../../helpers/pruningOracles';

const oracles = readdirSync(fixturePath('oracles/pruning'))
  .filter((name) => name.startsWith('onnx_') && name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''));
assert.ok(oracles.length >= 16, 'the oracles are there');

for (const oracle of oracles) {
  const fixture = `onnx/${oracle.replace(/^onnx_/, '')}.onnx`;
  testPruningOracle({ oracle, fixture, oracleName: ({ tensor }) => tensor });

  test(`${fixture}: the prunable weights come in the order of the nodes`, async (t) => {
    const { model } = await openFixture(t, fixture);
    const { weights } = (await readOracle(`pruning/${oracle}`)) as {
      weights: { name: string; op: string }[];
    };
    const plan = await planPrune(model, parseRecipe({ sparsity: 0.5 }, 'test'), unattended);
    assert.deepEqual(
      plan.entries.map(({ tensor }) => tensor),
      weights.map(({ name }) => name),
    );
    const labels = new Map(model.layers.map((layer) => [layer.name, layer.operatorLabel]));
    assert.deepEqual(
      plan.entries.map(({ layer }) => labels.get(layer)),
      weights.map(({ op }) => op),
    );
  });
}
